import { type FocusEvent, type KeyboardEvent, memo, type MouseEvent } from 'react';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import { formatFixed, formatNumber } from './format.ts';
import type { CellValue, Column } from './table-columns.ts';
import styles from './table.module.css';

interface TableRowProps<Row extends object> {
  readonly row: Row;
  readonly id: string;
  readonly index: number;
  readonly shown: readonly Column<Row>[];
  readonly isOpen: boolean;
  /** Undefined: rows cannot be picked. */
  readonly isPicked: boolean | undefined;
  /** Undefined: rows cannot be focused. */
  readonly tabIndex: 0 | -1 | undefined;
  readonly onOpen: (index: number) => void;
  readonly onPick: (index: number) => void;
  readonly onFocus: (index: number, event: FocusEvent) => void;
  readonly onKey: (index: number, event: KeyboardEvent) => void;
}

function PlainTableRow<Row extends object>({
  row,
  id,
  index,
  shown,
  isOpen,
  isPicked,
  tabIndex,
  onOpen,
  onPick,
  onFocus,
  onKey,
}: TableRowProps<Row>) {
  const opens = tabIndex !== undefined;
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={opens ? isOpen || isPicked === true : undefined}
      className={classNames(styles['row'], opens && styles['opens'], isOpen && styles['open'])}
      tabIndex={tabIndex}
      onFocus={(event) => onFocus(index, event)}
      onKeyDown={opens ? (event) => onKey(index, event) : undefined}
      onClick={(event) => !isOnControl(event) && onOpen(index)}
    >
      {isPicked !== undefined && (
        <td className={styles['pick']}>
          <Checkbox label={`Pick ${id}`} labelHidden checked={isPicked} onChange={() => onPick(index)} />
        </td>
      )}
      {shown.map((column) => (
        <td key={column.id} className={classNames(styles['cell'], column.numeric === true && styles['numeric'])}>
          {column.cell === undefined ? plain(column.value(row), column.digits) : column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** One line of a table; drawn again only when what it shows changed, so that scrolling stays smooth. */
// `memo` loses the type parameter; the component keeps it.
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow;

function plain(value: CellValue, digits: number | undefined) {
  if (value === undefined || value === '') return <span className={styles['missing']}>–</span>;
  if (typeof value !== 'number') return String(value);
  return digits === undefined ? formatNumber(value) : formatFixed(value, digits);
}

// A click on a link, a button or a box inside a row means that thing, not the row.
function isOnControl(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
}
