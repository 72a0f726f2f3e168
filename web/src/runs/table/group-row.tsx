import type { RunGroupWire } from '#tracking/table/wire.ts';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { formatCount } from '../../ui/format.ts';
import type { Measure } from './table-state.ts';
import { Cell, type RowProps } from './grid-rows.tsx';
import styles from './grid.module.css';

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
            <strong>{group.label ?? (group.value === '' ? 'empty text' : (group.value ?? 'no value'))}</strong>{' '}
            <span className={styles['count']}>{formatCount(group.runs)}</span>
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
