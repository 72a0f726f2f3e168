import { Columns3 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import type { Column } from './table-columns.ts';
import styles from './table.module.css';
import type { useTableModel } from './use-table-model.ts';

const ColumnsMenu = lazy(() => import('./columns-menu.tsx').then((module) => ({ default: module.ColumnsMenu })));

interface TableBarProps<Row extends object> {
  readonly table: ReturnType<typeof useTableModel<Row>>['table'];
  readonly columns: readonly Column<Row>[];
  readonly tools: ReactNode;
  readonly read: number;
  readonly total: number | undefined;
}

/** The line above the rows: what the page puts there, how many rows, which columns. */
export function TableBar<Row extends object>({ table, columns, tools, read, total }: TableBarProps<Row>) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const choices = columns.map(({ id, header }) => ({
    id,
    header,
    visible: table.getColumn(id)?.getIsVisible() ?? false,
    onChange: (visible: boolean) => table.getColumn(id)?.toggleVisibility(visible),
  }));
  return (
    <div className={styles['bar']}>
      <div className={styles['tools']}>{tools}</div>
      <span className={styles['count']}>{countOf(read, total)}</span>
      <IconButton
        ref={button}
        label="Columns"
        icon={<Columns3 size={15} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      <Suspense>{open && <ColumnsMenu anchor={button} columns={choices} onClose={() => setOpen(false)} />}</Suspense>
    </div>
  );
}

function countOf(read: number, total: number | undefined): string {
  const all = total ?? read;
  const word = all === 1 ? 'row' : 'rows';
  return read < all ? `${read.toLocaleString('en')} of ${all.toLocaleString('en')} ${word}` : `${all.toLocaleString('en')} ${word}`;
}
