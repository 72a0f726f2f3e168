import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Column } from './table-columns.ts';
import { TableRow } from './table-row.tsx';
import type { TableProps } from './table.tsx';
import styles from './table.module.css';
import { groupHeads } from './table-columns.ts';
import { useRowKeys } from './use-row-keys.ts';

interface TableBodyProps<Row extends object> extends TableProps<Row> {
  readonly shown: readonly Column<Row>[];
  readonly sorted: readonly { readonly id: string; readonly original: Row }[];
  readonly scroller: HTMLDivElement | null;
}

const rowHeight = 32;
const headHeight = 30;
const noHeads: ReadonlyMap<number, string> = new Map();
// Below this all rows are drawn, so that the browser's own search finds them.
const virtualFrom = 150;

/** Draws the rows in sight; before and after them stands a gap of the height of the rest. */
export function TableBody<Row extends object>({
  shown,
  sorted,
  scroller,
  onOpen,
  openKey,
  picked,
  onPick,
  onEnd,
  total,
  groupOf,
}: TableBodyProps<Row>) {
  const drawAll = sorted.length < virtualFrom;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: !drawAll,
    // Rows begin below the head, and the head covers the first of those that are scrolled.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = drawAll ? sorted.map((_, index) => ({ index, start: headHeight, end: virtual.getTotalSize() })) : virtual.getVirtualItems();
  const last = items.at(-1);
  const heads = useMemo(
    () => (groupOf === undefined || !drawAll ? noHeads : groupHeads(sorted.map((row) => groupOf(row.original)))),
    [groupOf, drawAll, sorted],
  );

  const current = useRef({ sorted, onOpen, onPick, picked });
  useEffect(() => {
    current.current = { sorted, onOpen, onPick, picked };
  });
  const open = useCallback((index: number) => {
    const row = current.current.sorted[index];
    if (row !== undefined) current.current.onOpen?.(row.original);
  }, []);
  const pick = useCallback((index: number) => {
    const key = current.current.sorted[index]?.id;
    if (key === undefined) return;
    const next = new Set(current.current.picked);
    if (!next.delete(key)) next.add(key);
    current.current.onPick?.(next);
  }, []);
  const keys = useRowKeys({ count: sorted.length, show: (index) => !drawAll && virtual.scrollToIndex(index), onOpen: open, onPick: pick });
  useEffect(() => {
    if (last?.index === sorted.length - 1 && sorted.length < (total ?? 0)) onEnd?.();
  }, [last?.index, sorted.length, total, onEnd]);

  return (
    <tbody ref={keys.body}>
      {!drawAll && <Gap height={(items[0]?.start ?? headHeight) - headHeight} />}
      {items.map(({ index }) => {
        const row = sorted[index];
        if (row === undefined) return null;
        const head = heads.get(index);
        return (
          <Fragment key={row.id}>
            {head !== undefined && (
              <tr className={styles['group']}>
                <th scope="rowgroup" colSpan={shown.length + (onPick === undefined ? 0 : 1)}>
                  {head}
                </th>
              </tr>
            )}
            <TableRow
              row={row.original}
              id={row.id}
              index={index}
              shown={shown}
              isOpen={row.id === openKey}
              isPicked={onPick === undefined ? undefined : (picked?.has(row.id) ?? false)}
              tabIndex={onOpen === undefined ? undefined : index === keys.active ? 0 : -1}
              onOpen={open}
              onPick={pick}
              onFocus={keys.onFocus}
              onKey={keys.onKey}
            />
          </Fragment>
        );
      })}
      {!drawAll && <Gap height={virtual.getTotalSize() + headHeight - (last?.end ?? headHeight)} />}
    </tbody>
  );
}

function Gap({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}
