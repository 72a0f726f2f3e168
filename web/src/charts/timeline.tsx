import { useMemo } from 'react';
import { classNames } from '../ui/class-names.ts';
import { formatDuration } from '../ui/format.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { prepareTimeline, type TimelineBar, type TimelineDrawing, type TimelineItem } from './timeline-data.ts';
import styles from './timeline.module.css';

interface TimelineProps {
  readonly title: string;
  readonly items: readonly TimelineItem[];
  /** Epoch ms; only running items need it to change. */
  readonly now: number;
  readonly selected?: string | undefined;
  readonly onSelect?: (id: string) => void;
}

/** Step runs on a common clock: what ran when, what waited, what took long. */
export function Timeline({ title, items, now, selected, onSelect }: TimelineProps) {
  const prepared = useMemo(() => prepareTimeline(items, now), [items, now]);
  return (
    <ChartFrame title={title} prepared={prepared}>
      {(drawing) => <Lanes drawing={drawing} selected={selected} onSelect={onSelect} />}
    </ChartFrame>
  );
}

interface LanesProps {
  readonly drawing: TimelineDrawing;
  readonly selected: string | undefined;
  readonly onSelect: ((id: string) => void) | undefined;
}

function Lanes({ drawing, selected, onSelect }: LanesProps) {
  return (
    <div className={styles['lanes']}>
      <div className={styles['ticks']} aria-hidden>
        {drawing.ticksMs.map((tick) => (
          <span
            key={tick}
            className={tick / drawing.lengthMs > 0.85 ? styles['lateTick'] : undefined}
            style={{ left: `${(tick / drawing.lengthMs) * 100}%` }}
          >
            {formatDuration(tick).replace('.0 s', ' s')}
          </span>
        ))}
      </div>
      {drawing.bars.map((bar) => (
        <Lane key={bar.id} bar={bar} isSelected={bar.id === selected} onSelect={onSelect} />
      ))}
    </div>
  );
}

function Lane({
  bar,
  isSelected,
  onSelect,
}: {
  readonly bar: TimelineBar;
  readonly isSelected: boolean;
  readonly onSelect: ((id: string) => void) | undefined;
}) {
  const duration = bar.durationMs === undefined ? bar.word : formatDuration(bar.durationMs);
  const content = (
    <>
      <span className={styles['name']}>
        <StateMark state={bar.state} word={bar.word} wordHidden />
        <span className={styles['label']}>{bar.label}</span>
      </span>
      <span className={styles['track']}>
        {bar.place !== undefined && (
          <span
            className={classNames(styles['bar'], styles[bar.state])}
            style={{ left: `${bar.place.from * 100}%`, width: `max(${bar.place.length * 100}%, 3px)` }}
          />
        )}
        <span className={styles['duration']} style={durationPlace(bar)}>
          {duration}
        </span>
      </span>
    </>
  );
  const className = classNames(styles['lane'], isSelected && styles['selected']);
  if (onSelect === undefined) return <div className={className}>{content}</div>;
  return (
    <button type="button" className={className} aria-pressed={isSelected} onClick={() => onSelect(bar.id)}>
      {content}
    </button>
  );
}

// Behind the bar where there is room, else before it.
function durationPlace({ place }: TimelineBar) {
  if (place === undefined) return { left: 0 };
  const end = place.from + place.length;
  return end < 0.8
    ? { left: `calc(${end * 100}% + 6px)` }
    : place.from > 0.2
      ? { right: `calc(${(1 - place.from) * 100}% + 6px)` }
      : { right: 8, color: 'var(--on-accent)' };
}
