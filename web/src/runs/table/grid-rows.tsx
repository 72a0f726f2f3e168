import type { RunWire } from '#tracking/wire.ts';
import { PinOff } from 'lucide-react';
import { memo, type MouseEvent, type ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';
import fieldStyles from '../../ui/field.module.css';
import { isLive } from '../run-state.tsx';
import type { GridColumn } from './grid-columns.tsx';
import styles from './grid.module.css';

export interface GridActions {
  readonly click: (run: RunWire, index: number, event: MouseEvent) => void;
  readonly pick: (index: number, event: MouseEvent) => void;
  readonly toggle: (key: string, index: number) => void;
  readonly unpin: (id: string) => void;
}

export interface RowProps {
  readonly id: string;
  readonly columns: readonly GridColumn[];
  readonly rowIndex: number;
  /** Negative for pinned rows. */
  readonly index: number;
  /** Undefined: the row stands in the flow. */
  readonly top?: number;
  readonly isActive: boolean;
  readonly actions: GridActions;
}

interface RunRowProps extends RowProps {
  readonly run: RunWire;
  readonly isPicked: boolean;
  readonly isPinned: boolean;
  readonly depth: number;
}

const keepFocus = (event: MouseEvent) => event.preventDefault();

/** One run; drawn again only when something that it shows has changed. */
export const RunRow = memo(function RunRow({
  id,
  run,
  columns,
  rowIndex,
  index,
  top,
  isActive,
  isPicked,
  isPinned,
  depth,
  actions,
}: RunRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={isPicked}
      aria-level={depth === 0 ? undefined : depth + 1}
      className={classNames(styles['row'], isActive && styles['active'], isPicked && styles['picked'], isLive(run) && styles['live'])}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
      onClick={(event) => !isOnControl(event) && actions.click(run, index, event)}
    >
      <div role="gridcell" className={styles['pick']}>
        {isPinned ? (
          <button
            type="button"
            className={styles['unpin']}
            tabIndex={-1}
            aria-label={`Unpin ${run.name}`}
            onClick={() => actions.unpin(run.id)}
          >
            <PinOff size={13} aria-hidden />
          </button>
        ) : (
          <input
            type="checkbox"
            className={fieldStyles['box']}
            aria-label={`Pick ${run.name}`}
            tabIndex={-1}
            checked={isPicked}
            readOnly
            onMouseDown={keepFocus}
            onClick={(event) => actions.pick(index, event)}
          />
        )}
      </div>
      {columns.map((column, place) => (
        <Cell key={column.id} column={column} indent={place === 0 ? depth : 0}>
          {column.cell(run)}
        </Cell>
      ))}
    </div>
  );
});

interface CellProps {
  readonly column: GridColumn;
  readonly indent?: number;
  readonly children: ReactNode;
}

export function Cell({ column, indent = 0, children }: CellProps) {
  const isMissing = children === undefined || children === '' || children === false;
  return (
    <div
      role="gridcell"
      className={classNames(
        styles['cell'],
        column.numeric && styles['numeric'],
        isMissing && styles['missing'],
        column.id === 'name' && styles['first'],
      )}
      style={indent === 0 ? undefined : { paddingInlineStart: 10 + indent * 20 }}
      title={typeof children === 'string' && children.length * 7 > column.width - 20 ? children : undefined}
    >
      {isMissing ? '–' : children}
    </div>
  );
}

export const LoadingRow = memo(function LoadingRow({ id, columns, rowIndex, top, isActive }: RowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={rowIndex}
      aria-busy
      className={classNames(styles['row'], isActive && styles['active'])}
      style={{ transform: `translateY(${top ?? 0}px)` }}
    >
      <div role="gridcell" className={styles['pick']} />
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classNames(styles['cell'], styles['loading'], column.id === 'name' && styles['first'])}
        >
          <span />
        </div>
      ))}
    </div>
  );
});

/** A click on a button or a box means that thing, not the row; a plain click on the link means the row, any other the browser. */
function isOnControl(event: MouseEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  if (event.target.closest('button, input, label') !== null) return true;
  if (event.target.closest('a') === null) return false;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return true;
  event.preventDefault();
  return false;
}
