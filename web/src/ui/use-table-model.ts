import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { type Column, compareValues, type Sort, sortable } from './table-columns.ts';

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, sortedRowModel: createSortedRowModel() });

export interface TableModelOptions<Row extends object> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly initialSort: Sort | undefined;
  /** Given when the server sorts: rows then stay in the order in which they came. */
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort | undefined) => void) | undefined;
  readonly visible: readonly string[] | undefined;
  /** Given when the page keeps the choice of columns. */
  readonly onVisible: ((ids: readonly string[]) => void) | undefined;
}

const noRows: readonly never[] = [];

/** Sorting and column choice of a table; what is on screen of it is the table's own business. */
export function useTableModel<Row extends object>(options: TableModelOptions<Row>) {
  const { columns, rows, rowKey, initialSort, sort, onSort, visible, onVisible } = options;
  const [ownSorting, setOwnSorting] = useState<SortingState>(() => stateOf(initialSort));
  const [ownVisibility, setOwnVisibility] = useState<Record<string, boolean>>(() => visibilityOf(columns, undefined));
  const columnVisibility = useMemo(
    () => (onVisible === undefined ? ownVisibility : visibilityOf(columns, visible)),
    [columns, onVisible, ownVisibility, visible],
  );
  const definitions = useMemo(() => columns.map((column) => define(column)), [columns]);
  const sorting = onSort === undefined ? ownSorting : stateOf(sort);
  const table = useTable({
    features,
    columns: definitions,
    data: rows.length === 0 ? noRows : rows,
    getRowId: rowKey,
    manualSorting: onSort !== undefined,
    enableMultiSort: false,
    state: { sorting, columnVisibility },
    onSortingChange: (update) => {
      const next = typeof update === 'function' ? update(sorting) : update;
      if (onSort === undefined) setOwnSorting(next);
      else onSort(next[0] === undefined ? undefined : { column: next[0].id, descending: next[0].desc });
    },
    onColumnVisibilityChange: (update) => {
      const next = typeof update === 'function' ? update(columnVisibility) : update;
      if (onVisible === undefined) setOwnVisibility(next);
      else onVisible(columns.flatMap(({ id }) => (next[id] === false ? [] : [id])));
    },
  });
  const shown = useMemo(() => columns.filter((column) => columnVisibility[column.id] !== false), [columns, columnVisibility]);
  return { table, shown, sorted: table.getRowModel().rows };
}

function define<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: (row) => sortable(column.value(row)),
    enableSorting: column.sortable ?? true,
    sortUndefined: 'last',
    sortDescFirst: column.numeric ?? false,
    sortFn: (a, b, id) => compareValues(sortable(a.getValue(id)), sortable(b.getValue(id))),
  };
}

function stateOf(sort: Sort | undefined): SortingState {
  return sort === undefined ? [] : [{ id: sort.column, desc: sort.descending }];
}

function visibilityOf<Row>(columns: readonly Column<Row>[], visible: readonly string[] | undefined): Record<string, boolean> {
  return Object.fromEntries(columns.map(({ id, hidden }) => [id, visible === undefined ? hidden !== true : visible.includes(id)]));
}
