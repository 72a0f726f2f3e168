import { ArrowDown, ArrowUp } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, memo, type PointerEvent, useState } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { GridColumn } from './grid-columns.tsx';
import styles from './grid.module.css';
import type { RunGridProps } from './run-grid.tsx';
import { clampWidth } from './table-state.ts';

type GridHeadProps = Pick<RunGridProps, 'columns' | 'order' | 'onSort' | 'onResize' | 'onMove' | 'picked' | 'onPickAll' | 'model'> & {
  readonly scroller: { readonly current: HTMLDivElement | null };
};

const kindWords = { attribute: '', metric: 'metric', parameter: 'parameter', tag: 'tag' } as const;
const keyStep = 16;

/** Names of the columns: a click sorts, with Shift by one more column; dragging or Alt and arrows move and widen. */
export const GridHead = memo(function GridHead(props: GridHeadProps) {
  const { columns, picked, onPickAll, model } = props;
  const [dragged, setDragged] = useState<string>();
  const [target, setTarget] = useState<string>();
  const runs = model.segments.reduce((sum, segment) => sum + (segment.kind === 'runs' ? segment.count : 0), 0);
  return (
    <div role="rowgroup" className={styles['head']}>
      <div role="row" aria-rowindex={1} className={styles['headRow']}>
        <div role="columnheader" className={styles['pick']}>
          <Checkbox
            label="Pick all"
            labelHidden
            checked={picked.size === 0 ? false : picked.size >= runs ? true : 'mixed'}
            onChange={(all) => onPickAll(all)}
          />
        </div>
        {columns.map((column, index) => (
          <HeadCell
            key={column.id}
            {...props}
            column={column}
            index={index}
            isTarget={target === column.id && dragged !== column.id}
            onDrag={setDragged}
            onTarget={setTarget}
            onDrop={() => {
              if (dragged !== undefined && dragged !== column.id) props.onMove(dragged, index);
              setDragged(undefined);
              setTarget(undefined);
            }}
          />
        ))}
      </div>
    </div>
  );
});

interface HeadCellProps extends GridHeadProps {
  readonly column: GridColumn;
  readonly index: number;
  readonly isTarget: boolean;
  readonly onDrag: (id: string | undefined) => void;
  readonly onTarget: (id: string | undefined) => void;
  readonly onDrop: () => void;
}

function HeadCell(props: HeadCellProps) {
  const { column, columns, index, order, isTarget, onSort, onMove, onResize, onDrag, onTarget, onDrop } = props;
  const place = order.findIndex((term) => term.column === column.id);
  const term = order[place];

  function press(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    const by = event.key === 'ArrowLeft' ? -1 : 1;
    if (event.shiftKey) onResize(column.id, clampWidth(column.width + by * keyStep));
    else if (index + by >= 0 && index + by < columns.length) onMove(column.id, index + by);
  }

  const drag = {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', column.id);
      onDrag(column.id);
    },
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      onTarget(column.id);
    },
    onDragEnd: () => {
      onDrag(undefined);
      onTarget(undefined);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      onDrop();
    },
  };
  const kind = kindWords[column.kind];
  return (
    <div
      role="columnheader"
      className={classNames(
        styles['headCell'],
        column.numeric && styles['numeric'],
        isTarget && styles['target'],
        column.id === 'name' && styles['first'],
      )}
      aria-sort={term === undefined ? undefined : term.descending ? 'descending' : 'ascending'}
      {...drag}
    >
      <button
        type="button"
        className={classNames(styles['sort'], term !== undefined && styles['sorted'])}
        title={`${column.header}${kind === '' ? '' : `, ${kind}`}`}
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Alt+Shift+ArrowLeft Alt+Shift+ArrowRight"
        onClick={(event) => onSort(column, event.shiftKey)}
        onKeyDown={press}
      >
        <span className={styles['headText']}>{column.header}</span>
        {term !== undefined && (term.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
        {term !== undefined && order.length > 1 && (
          <span className={styles['place']} aria-hidden>
            {place + 1}
          </span>
        )}
      </button>
      <Resizer {...props} />
    </div>
  );
}

/** The edge of a column. While it is dragged only the layout changes; the address learns the width at the end. */
function Resizer({ column, columns, index, scroller, onResize }: HeadCellProps) {
  function begin(down: PointerEvent<HTMLSpanElement>): void {
    down.preventDefault();
    const handle = down.currentTarget;
    const grid = scroller.current;
    handle.setPointerCapture(down.pointerId);
    const widthAt = (x: number) => clampWidth(column.width + x - down.clientX);
    handle.onpointermove = (move) => {
      const widths = columns.map((each, place) => (place === index ? widthAt(move.clientX) : each.width));
      grid?.style.setProperty('--columns', `36px ${widths.map((width) => `${width}px`).join(' ')} minmax(0, 1fr)`);
      grid?.style.setProperty('--wide', `${widths.reduce((sum, width) => sum + width, 36)}px`);
    };
    handle.onpointerup = (up) => {
      handle.onpointermove = null;
      handle.onpointerup = null;
      onResize(column.id, widthAt(up.clientX));
    };
  }
  return <span className={styles['resizer']} aria-hidden draggable onDragStart={(event) => event.preventDefault()} onPointerDown={begin} />;
}
