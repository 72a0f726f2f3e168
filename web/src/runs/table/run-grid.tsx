import type { RunWire } from '#tracking/wire.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { GridColumn } from './grid-columns.tsx';
import { GroupRow } from './group-row.tsx';
import { GridHead } from './grid-head.tsx';
import { type GridActions, LoadingRow, RunRow } from './grid-rows.tsx';
import styles from './grid.module.css';
import { gridKey } from './grid-keys.ts';
import { placeOf, type RowModel, type RowPlace } from './row-model.ts';
import type { SortTerm } from './table-state.ts';
import type { RowRange } from './use-run-rows.ts';
import type { Measure } from './table-state.ts';

export interface RunGridProps {
  readonly label: string;
  readonly model: RowModel;
  readonly runAt: (place: RowPlace) => RunWire | undefined;
  readonly columns: readonly GridColumn[];
  readonly order: readonly SortTerm[];
  readonly onSort: (column: GridColumn, add: boolean) => void;
  readonly onResize: (id: string, width: number) => void;
  readonly onMove: (id: string, to: number) => void;
  readonly measure: Measure;
  readonly picked: ReadonlySet<string>;
  /** Picks or drops the run at a row; with `range`, every run from the row that was picked last. */
  readonly onPick: (index: number, range: boolean) => void;
  /** All runs that fit, or none. */
  readonly onPickAll: (all: boolean) => void;
  readonly onOpen: (run: RunWire) => void;
  readonly onToggleGroup: (key: string) => void;
  /** Runs that stay on top whatever is filtered. */
  readonly pinned: readonly RunWire[];
  readonly onPin: (id: string) => void;
  readonly onCompare: () => void;
  readonly onDelete: () => void;
  /** Rows in sight. */
  readonly onRange: (range: RowRange) => void;
  /** Something newer is being read. */
  readonly stale: boolean;
}

const rowHeight = 32;
const headHeight = 30;
const pickWidth = 36;
const rangeStep = 25;
/** More than there are rows in sight: a row that leaves lends its elements to one that comes. */
const slots = 256;

/** The table of runs: as many rows as there are runs, of which only those in sight are drawn and read. One tab stop; keys move the active row. */
export function RunGrid(props: RunGridProps) {
  const { label, model, runAt, columns, pinned, picked, onRange, stale } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const topHeight = headHeight + pinned.length * rowHeight;
  const virtual = useVirtualizer({
    count: model.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: topHeight,
    scrollPaddingStart: topHeight,
  });
  const items = virtual.getVirtualItems();
  // In steps, so that the page is drawn again only when other rows must be read.
  const from = Math.floor((items[0]?.index ?? 0) / rangeStep) * rangeStep;
  const to = Math.ceil(((items.at(-1)?.index ?? 0) + 1) / rangeStep) * rangeStep - 1;
  useEffect(() => onRange({ from, to }), [from, to, onRange]);
  const current = Math.max(0, Math.min(active, model.count - 1));

  // Rows are drawn again only when what they show changes: what they call stays the same.
  const latest = useRef({ ...props, current });
  useEffect(() => {
    latest.current = { ...props, current };
  });
  const actions = useGridActions(latest, scroller, setActive);

  function press(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    const place = placeOf(model, current);
    const meaning = gridKey(event, {
      current,
      count: model.count,
      group: place?.segment.kind === 'group' ? place.segment.open : undefined,
    });
    if (meaning === undefined) return;
    event.preventDefault();
    const run = place === undefined || place.segment.kind === 'group' ? undefined : runAt(place);
    if (meaning.kind === 'move') {
      setActive(meaning.to);
      virtual.scrollToIndex(meaning.to);
      if (meaning.extend) props.onPick(meaning.to, true);
    } else if (meaning.kind === 'open' && run !== undefined) props.onOpen(run);
    else if (meaning.kind === 'toggle' && place?.segment.kind === 'group') props.onToggleGroup(place.segment.key);
    else if (meaning.kind === 'pick') props.onPick(current, meaning.extend);
    else if (meaning.kind === 'pick-all') props.onPickAll(true);
    else if (meaning.kind === 'pick-none') props.onPickAll(false);
    else if (meaning.kind === 'pin' && run !== undefined) props.onPin(run.id);
    else if (meaning.kind === 'compare') props.onCompare();
    else if (meaning.kind === 'delete') props.onDelete();
  }

  // Only rows of a tree can be opened.
  const isTree = model.segments.some(({ kind }) => kind === 'group');
  const layout = useMemo(() => layoutOf(columns), [columns]);
  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      role={isTree ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={model.count + pinned.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-busy={stale}
      aria-activedescendant={model.count === 0 ? undefined : `${id}-${current}`}
      aria-keyshortcuts="j k Space Enter p c"
      tabIndex={0}
      data-scroll-restoration-id={label}
      style={layout}
      onKeyDown={press}
    >
      <GridHead {...props} scroller={scroller} />
      {pinned.length > 0 && (
        <div role="rowgroup" aria-label="Pinned runs" className={styles['pinned']}>
          {pinned.map((run, index) => (
            <RunRow
              key={run.id}
              id={`${id}-pinned-${index}`}
              run={run}
              columns={columns}
              rowIndex={index + 2}
              index={-1 - index}
              isActive={false}
              isPicked={picked.has(run.id)}
              isPinned
              depth={0}
              actions={actions}
            />
          ))}
        </div>
      )}
      <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const place = placeOf(model, item.index);
          if (place === undefined) return null;
          const { segment } = place;
          const shared = {
            id: `${id}-${item.index}`,
            columns,
            rowIndex: item.index + pinned.length + 2,
            index: item.index,
            top: item.start - topHeight,
            isActive: item.index === current,
            actions,
          };
          if (segment.kind === 'group')
            return (
              <GroupRow
                key={`group ${item.index % slots}`}
                {...shared}
                group={segment.group}
                open={segment.open}
                measure={props.measure}
                groupKey={segment.key}
              />
            );
          const run = runAt(place);
          if (run === undefined) return <LoadingRow key={`loading ${item.index % slots}`} {...shared} />;
          return (
            <RunRow
              key={`run ${item.index % slots}`}
              {...shared}
              run={run}
              isPicked={picked.has(run.id)}
              isPinned={false}
              depth={segment.depth}
            />
          );
        })}
      </div>
    </div>
  );
}

function layoutOf(columns: readonly GridColumn[]): CSSProperties {
  const widths = columns.map(({ width }) => `${width}px`);
  const total = columns.reduce((sum, { width }) => sum + width, pickWidth);
  // Custom properties are no part of React's type of styles.
  return { '--columns': `${pickWidth}px ${widths.join(' ')} minmax(0, 1fr)`, '--wide': `${total}px` } as CSSProperties;
}

function useGridActions(
  latest: { readonly current: RunGridProps },
  scroller: { readonly current: HTMLDivElement | null },
  setActive: (index: number) => void,
): GridActions {
  const focus = useCallback(
    (index: number) => {
      if (index >= 0) setActive(index);
      scroller.current?.focus({ preventScroll: true });
    },
    [scroller, setActive],
  );
  return useMemo(
    () => ({
      click(run, index, event) {
        focus(index);
        const { onPick, onOpen } = latest.current;
        if (event.shiftKey && index >= 0) return onPick(index, true);
        if (event.ctrlKey || event.metaKey) return index >= 0 ? onPick(index, false) : undefined;
        return onOpen(run);
      },
      pick(index, event) {
        focus(index);
        latest.current.onPick(index, event.shiftKey);
      },
      toggle(key, index) {
        focus(index);
        latest.current.onToggleGroup(key);
      },
      unpin: (id) => latest.current.onPin(id),
    }),
    [focus, latest],
  );
}
