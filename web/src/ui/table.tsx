import { type ReactNode, useState } from 'react';
import { TableBar } from './table-bar.tsx';
import { TableBody } from './table-body.tsx';
import type { Column, Sort } from './table-columns.ts';
import { defaultWidth } from './table-columns.ts';
import { TableHead } from './table-head.tsx';
import styles from './table.module.css';
import { useTableModel } from './use-table-model.ts';

export interface TableProps<Row extends object> {
  /** Accessible name: what the rows are. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Enter or a click on a row. Rows without it cannot be focused. */
  readonly onOpen?: (row: Row) => void;
  /** Key of the row whose details are open. */
  readonly openKey?: string | undefined;
  /** Keys of the rows that are picked for an action; a column of boxes appears. */
  readonly picked?: ReadonlySet<string>;
  readonly onPick?: (picked: ReadonlySet<string>) => void;
  readonly initialSort?: Sort;
  /** Both given: the server sorts. */
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort | undefined) => void;
  /** Ids of the columns that are shown, when the page keeps that choice, for example in its address. Undefined: the columns that are not `hidden`. */
  readonly visible?: readonly string[] | undefined;
  readonly onVisible?: (ids: readonly string[]) => void;
  /** Filters and actions in the line above the rows. `false` hides the line. */
  readonly tools?: ReactNode | false;
  /** In all pages, when `rows` is only the part that was read so far. */
  readonly total?: number;
  /** The end of `rows` comes into sight: read more. */
  readonly onEnd?: () => void;
  /** Highest height in px or a CSS length; the head stays while rows scroll. */
  readonly maxHeight?: number | string;
  /** Stands instead of the rows when there are none. */
  readonly empty?: ReactNode;
  /** Rows of one group stand below its name while they are together; for lists short enough to be drawn whole. */
  readonly groupOf?: (row: Row) => string;
}

/** The dense list of everything. Sorts, hides columns, moves by keyboard, draws only rows in sight. */
export function Table<Row extends object>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, initialSort, sort, onSort, tools, total, maxHeight, empty, onOpen, onPick, visible, onVisible } =
    props;
  // State, not a ref: the body must draw again when the element is there.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { table, shown, sorted } = useTableModel({ columns, rows, rowKey, initialSort, sort, onSort, visible, onVisible });
  const isEmpty = rows.length === 0 && empty !== undefined;
  return (
    <div className={styles['table']}>
      {tools !== false && (tools !== undefined || !isEmpty) && (
        <TableBar table={table} columns={columns} tools={tools} read={rows.length} total={total} />
      )}
      {isEmpty ? (
        empty
      ) : (
        <div
          ref={setScroller}
          className={styles['scroller']}
          style={{ maxHeight }}
          data-scroll-restoration-id={label}
          {...(onOpen === undefined ? region(label) : {})}
        >
          <table
            className={styles['grid']}
            style={{ minWidth: widthOf(shown, onPick !== undefined) }}
            aria-label={label}
            aria-rowcount={(total ?? rows.length) + 1}
            role={onOpen === undefined ? undefined : 'grid'}
          >
            <colgroup>
              {onPick !== undefined && <col style={{ width: pickWidth }} />}
              {shown.map((column) => (
                <col key={column.id} style={column.grow === true ? undefined : { width: column.width ?? defaultWidth }} />
              ))}
            </colgroup>
            <TableHead table={table} shown={shown} picked={props.picked} onPick={onPick} keys={sorted.map((row) => row.id)} />
            <TableBody {...props} shown={shown} sorted={sorted} scroller={scroller} />
          </table>
        </div>
      )}
    </div>
  );
}

const pickWidth = 36;

function widthOf<Row>(shown: readonly Column<Row>[], picks: boolean): number {
  return shown.reduce((sum, column) => sum + (column.width ?? defaultWidth), picks ? pickWidth : 0);
}

function region(label: string) {
  return { tabIndex: 0, role: 'region', 'aria-label': `${label}, scrollable` } as const;
}
