import type { SpanWire } from '#tracking/traces/wire.ts';
import { ChevronRight } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, memo, useCallback, useMemo, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import { formatDuration } from '../ui/format.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { type SpanLine, spanTree, treeMove } from './span-tree.ts';
import { spanState } from './trace-state.tsx';
import styles from './traces.module.css';

interface WaterfallProps {
  readonly spans: readonly SpanWire[];
  readonly selected: string | undefined;
  readonly onSelect: (span: string) => void;
}

/** Behind it there is no room for a label. */
const lastTick = 0.88;

/** The spans of a trace as a tree on a common clock. Arrows walk it, Enter opens the details of a span. */
export function Waterfall({ spans, selected, onSelect }: WaterfallProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState(selected);
  const tree = useRef<HTMLDivElement>(null);
  const { lines, lengthMs, ticksMs } = useMemo(() => spanTree(spans, closed), [spans, closed]);
  const at = Math.max(
    lines.findIndex(({ span }) => span.id === current),
    0,
  );
  const toggle = useCallback((id: string) => setClosed((old) => (old.has(id) ? old.difference(new Set([id])) : new Set([...old, id]))), []);
  const select = useCallback(
    (id: string) => {
      setCurrent(id);
      onSelect(id);
    },
    [onSelect],
  );

  function press(event: KeyboardEvent): void {
    const line = lines[at];
    if (line === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Enter' || event.key === ' ') onSelect(line.span.id);
    else {
      const move = treeMove(event.key, lines, at);
      if (move === undefined) return;
      if ('toggle' in move) toggle(move.toggle);
      else {
        setCurrent(lines[move.to]?.span.id);
        tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[move.to]?.focus();
      }
    }
    event.preventDefault();
  }

  return (
    <div className={styles['waterfall']}>
      <div className={styles['ticks']} aria-hidden>
        {ticksMs
          .filter((tick) => tick / lengthMs <= lastTick)
          .map((tick) => (
            <span key={tick} style={{ left: `${(tick / lengthMs) * 100}%` }}>
              {formatDuration(tick).replace('.0 s', ' s')}
            </span>
          ))}
      </div>
      <div ref={tree} role="tree" aria-label="Spans" onKeyDown={press}>
        {lines.map((line, index) => (
          <Line
            key={line.span.id}
            line={line}
            isSelected={line.span.id === selected}
            isCurrent={index === at}
            onToggle={toggle}
            onSelect={select}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly line: SpanLine;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  readonly onToggle: (span: string) => void;
  readonly onSelect: (span: string) => void;
}

/** Kept as it is while nothing of it changes: a trace may have thousands. */
const Line = memo(function Line({ line, isSelected, isCurrent, onToggle, onSelect }: LineProps) {
  const { span, depth, children, open } = line;
  const { state, word } = spanState(span);
  const took = span.duration === undefined ? 'running' : formatDuration(span.duration);
  // CSS reads the depth from a property of its own.
  const indent = { '--depth': Math.min(depth, 24) } as CSSProperties;
  return (
    <div
      role="treeitem"
      tabIndex={isCurrent ? 0 : -1}
      aria-level={depth + 1}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-expanded={children === 0 ? undefined : open}
      aria-selected={isSelected}
      className={classNames(styles['line'], isSelected && styles['selected'])}
      onClick={() => onSelect(span.id)}
    >
      <span className={styles['name']} style={indent}>
        {children > 0 ? (
          <span
            className={classNames(styles['toggle'], open && styles['turned'])}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(span.id);
            }}
          >
            <ChevronRight size={12} aria-hidden />
          </span>
        ) : (
          <span className={styles['leaf']} />
        )}
        <StateMark state={state} word={word} wordHidden />
        <span className={styles['label']}>{span.name}</span>
        {span.type !== 'UNKNOWN' && <span className={styles['type']}>{span.type.toLowerCase().replaceAll('_', ' ')}</span>}
      </span>
      <span className={styles['track']}>
        <span
          className={classNames(styles['bar'], styles[state], styles[`type${span.type.replaceAll('_', '')}`])}
          style={{ left: `${line.from * 100}%`, width: `max(${line.length * 100}%, 2px)` }}
        />
        <span className={styles['took']} style={placeOf(line)}>
          {took}
        </span>
      </span>
    </div>
  );
});

// Behind the bar where there is room, else before it, else in it.
function placeOf({ from, length }: SpanLine): CSSProperties {
  const end = from + length;
  if (end < 0.8) return { left: `calc(${end * 100}% + 6px)` };
  if (from > 0.2) return { right: `calc(${(1 - from) * 100}% + 6px)` };
  return { right: `calc(${Math.max(0, 1 - end) * 100}% + 8px)`, color: 'var(--on-accent)' };
}
