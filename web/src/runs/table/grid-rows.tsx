import type { RunGroupWire } from '#tracking/table/wire.ts';
import type { RunWire } from '#tracking/wire.ts';
import { ChevronDown, ChevronRight, PinOff } from 'lucide-react';
import { memo, type MouseEvent, type ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';
import fieldStyles from '../../ui/field.module.css';
import { formatCount } from '../../ui/format.ts';
import { isLive } from '../run-state.tsx';
import type { GridColumn, Measure } from './grid-columns.tsx';
import styles from './grid.module.css';

export interface GridActions {
  readonly click: (run: RunWire, index: number, event: MouseEvent) => void;
  readonly pick: (index: number, event: MouseEvent) => void;
  readonly toggle: (key: string, index: number) => void;
  readonly unpin: (id: string) => void;
}

interface RowProps {
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

function Cell({ column, indent = 0, children }: CellProps) {
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

interface GroupRowProps extends RowProps {
  readonly group: RunGroupWire;
  readonly groupKey: string;
  readonly open: boolean;
  readonly measure: Measure;
}

/** The runs of one value, with what they measured together. */
export const GroupRow = memo(function GroupRow({
  id,
  group,
  groupKey,
  open,
  measure,
  columns,
  rowIndex,
  index,
  top,
  isActive,
  actions,
}: GroupRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={rowIndex}
      aria-expanded={open}
      aria-level={1}
      className={classNames(styles['row'], styles['group'], isActive && styles['active'])}
      style={{ transform: `translateY(${top ?? 0}px)` }}
      onClick={() => actions.toggle(groupKey, index)}
    >
      <div role="gridcell" className={styles['pick']}>
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      </div>
      {columns.map((column) =>
        column.id === 'name' ? (
          <div key={column.id} role="gridcell" className={classNames(styles['cell'], styles['first'])} title={group.label ?? group.value}>
            <strong>{group.label ?? group.value ?? 'no value'}</strong> <span className={styles['count']}>{formatCount(group.runs)}</span>
          </div>
        ) : (
          <Cell key={column.id} column={column}>
            {column.id === 'state' ? statesOf(group) : (column.groupCell?.(group, measure) ?? ' ')}
          </Cell>
        ),
      )}
    </div>
  );
});

/** Only what a reader should see: how many failed or still run. */
function statesOf({ states }: RunGroupWire): ReactNode {
  const words = (['running', 'failed', 'killed'] as const).flatMap((state) =>
    (states[state] ?? 0) > 0 ? `${states[state]} ${state}` : [],
  );
  return words.length === 0 ? ' ' : words.join(', ');
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
