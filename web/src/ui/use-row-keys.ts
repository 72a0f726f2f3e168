import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { rowAfterKey } from './table-columns.ts';

interface RowKeysOptions {
  readonly count: number;
  /** Brings a row into the drawn part. */
  readonly show: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onPick: (index: number) => void;
}

/** One row of a table is in the tab order; keys move from it. The body passes its element to `body`. */
export function useRowKeys({ count, show, onOpen, onPick }: RowKeysOptions) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const wanted = useRef<number>(undefined);
  const options = useRef({ count, show, onOpen, onPick });
  useEffect(() => {
    options.current = { count, show, onOpen, onPick };
    // The row that a key asked for may be drawn only some renders later.
    const row = wanted.current === undefined ? null : body.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = undefined;
    row.focus();
  });

  const onKey = useCallback((index: number, event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const to = rowAfterKey(event.key, index, options.current.count);
    if (event.key === 'Enter') options.current.onOpen(index);
    else if (event.key === ' ') options.current.onPick(index);
    else if (to === undefined) return;
    event.preventDefault();
    if (to === undefined) return;
    wanted.current = to;
    setActive(to);
    options.current.show(to);
  }, []);
  const onFocus = useCallback((index: number, _event: FocusEvent) => setActive(index), []);
  return { body, active: Math.min(active, count - 1), onKey, onFocus };
}
