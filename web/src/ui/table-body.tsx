import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import { type CellValue, type Column, rowAfterKey } from './table-columns.ts';
import type { TableProps } from './table.tsx';
import styles from './table.module.css';
import { formatNumber } from './format.ts';

interface TableBodyProps<Row extends object> extends TableProps<Row> {
  readonly shown: readonly Column<Row>[];
  readonly sorted: readonly { readonly id: string; readonly original: Row }[];
  readonly scroller: HTMLDivElement | null;
}

const rowHeight = 32;
// Below this all rows are drawn, so that the browser's own search finds them.
const virtualFrom = 150;

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
}: TableBodyProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const wanted = useRef<number>(undefined);
  const all = sorted.length < virtualFrom;
  const rows = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: !all,
  });
  const items = all
    ? sorted.map((_, index) => ({ index, start: index * rowHeight, end: (index + 1) * rowHeight }))
    : rows.getVirtualItems();
  const last = items.at(-1);

  useEffect(() => {
    if (last?.index === sorted.length - 1 && sorted.length < (total ?? 0)) onEnd?.();
  }, [last?.index, sorted.length, total, onEnd]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.current}"]`);
    row?.focus({ preventScroll: !all });
    if (row !== null && row !== undefined) wanted.current = undefined;
  });

  function move(event: KeyboardEvent<HTMLTableRowElement>, index: number, row: Row): void {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'Enter') onOpen?.(row);
    if (event.key === ' ') toggle(sorted[index]?.id);
    const to = rowAfterKey(event.key, index, sorted.length);
    if (to === undefined && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (to === undefined) return;
    wanted.current = to;
    setActive(to);
    if (!all) rows.scrollToIndex(to);
  }

  function toggle(key: string | undefined): void {
    if (key === undefined || onPick === undefined) return;
    const next = new Set(picked);
    if (!next.delete(key)) next.add(key);
    onPick(next);
  }

  return (
    <tbody ref={body}>
      {!all && <Gap height={items[0]?.start ?? 0} />}
      {items.map(({ index }) => {
        const row = sorted[index];
        if (row === undefined) return null;
        const isPicked = picked?.has(row.id) ?? false;
        return (
          <tr
            key={row.id}
            data-index={index}
            aria-rowindex={index + 2}
            aria-selected={onOpen === undefined ? undefined : row.id === openKey || isPicked}
            className={classNames(styles['row'], onOpen !== undefined && styles['opens'], row.id === openKey && styles['open'])}
            tabIndex={onOpen === undefined ? undefined : index === Math.min(active, sorted.length - 1) ? 0 : -1}
            onKeyDown={onOpen === undefined ? undefined : (event) => move(event, index, row.original)}
            onFocus={() => setActive(index)}
            onClick={(event) => !isOnControl(event) && onOpen?.(row.original)}
          >
            {onPick !== undefined && (
              <td className={styles['pick']}>
                <Checkbox label={`Pick ${row.id}`} labelHidden checked={isPicked} onChange={() => toggle(row.id)} />
              </td>
            )}
            {shown.map((column) => (
              <td key={column.id} className={classNames(styles['cell'], column.numeric === true && styles['numeric'])}>
                {column.cell === undefined ? plain(column.value(row.original)) : column.cell(row.original)}
              </td>
            ))}
          </tr>
        );
      })}
      {!all && <Gap height={rows.getTotalSize() - (last?.end ?? 0)} />}
    </tbody>
  );
}

function Gap({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}

function plain(value: CellValue) {
  if (value === undefined || value === '') return <span className={styles['missing']}>–</span>;
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

// A click on a link, a button or a box inside a row means that thing, not the row.
function isOnControl(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
}
