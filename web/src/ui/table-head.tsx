import { ArrowDown, ArrowUp } from 'lucide-react';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import type { Column } from './table-columns.ts';
import styles from './table.module.css';
import type { useTableModel } from './use-table-model.ts';

interface TableHeadProps<Row extends object> {
  readonly table: ReturnType<typeof useTableModel<Row>>['table'];
  readonly shown: readonly Column<Row>[];
  readonly keys: readonly string[];
  readonly picked: ReadonlySet<string> | undefined;
  readonly onPick: ((picked: ReadonlySet<string>) => void) | undefined;
}

export function TableHead<Row extends object>({ table, shown, keys, picked, onPick }: TableHeadProps<Row>) {
  const count = picked?.size ?? 0;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {onPick !== undefined && (
          <th scope="col" className={styles['pick']}>
            <Checkbox
              label="Pick all"
              labelHidden
              checked={count === 0 ? false : count === keys.length ? true : 'mixed'}
              onChange={(all) => onPick(new Set(all ? keys : []))}
            />
          </th>
        )}
        {shown.map((column) => (
          <HeadCell key={column.id} column={column} model={table.getColumn(column.id)} />
        ))}
      </tr>
    </thead>
  );
}

interface HeadCellProps<Row extends object> {
  readonly column: Column<Row>;
  readonly model: ReturnType<TableHeadProps<Row>['table']['getColumn']>;
}

function HeadCell<Row extends object>({ column, model }: HeadCellProps<Row>) {
  const sorted = model?.getIsSorted() ?? false;
  const label = (
    <>
      <span className={styles['headText']}>{column.header}</span>
      {column.unit !== undefined && <span className={styles['unit']}>{column.unit}</span>}
    </>
  );
  return (
    <th
      scope="col"
      className={column.numeric === true ? styles['numeric'] : undefined}
      aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      {model?.getCanSort() === true ? (
        <button
          type="button"
          className={classNames(styles['sort'], sorted !== false && styles['sorted'])}
          onClick={model.getToggleSortingHandler()}
        >
          {label}
          {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
          {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
        </button>
      ) : (
        <span className={styles['head']}>{label}</span>
      )}
    </th>
  );
}
