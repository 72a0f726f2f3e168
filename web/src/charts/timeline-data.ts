import { nothing, type Prepared } from './chart-model.ts';
import type { State } from '../ui/state-mark.tsx';

export interface TimelineItem {
  readonly id: string;
  readonly label: string;
  readonly state: State;
  readonly word: string;
  /** Epoch ms; null: not started. */
  readonly start: number | null;
  /** Epoch ms; null: still running, or never started. */
  readonly end: number | null;
}

export interface TimelineBar extends TimelineItem {
  /** Place and length as shares 0..1 of the whole; undefined: not started. */
  readonly place: { readonly from: number; readonly length: number } | undefined;
  readonly durationMs: number | undefined;
}

export interface TimelineDrawing {
  readonly start: number;
  readonly lengthMs: number;
  readonly bars: readonly TimelineBar[];
  readonly ticksMs: readonly number[];
}

/** Steps on a common clock. What runs is as long as until `now`; a clock that jumped back makes a length of zero, not a negative one. */
export function prepareTimeline(items: readonly TimelineItem[], now: number): Prepared<TimelineDrawing> {
  const starts = items.flatMap((item) => (item.start === null ? [] : [item.start]));
  if (starts.length === 0) return nothing('No step has started', 'Steps wait for a free worker or for their inputs.');
  const start = Math.min(...starts);
  const end = Math.max(...items.map((item) => (item.start === null ? start : Math.max(item.end ?? now, item.start))));
  const lengthMs = Math.max(end - start, 1);
  const bars = items.map((item) => {
    if (item.start === null) return { ...item, place: undefined, durationMs: undefined };
    const durationMs = Math.max((item.end ?? now) - item.start, 0);
    return { ...item, durationMs, place: { from: (item.start - start) / lengthMs, length: durationMs / lengthMs } };
  });
  const table = {
    columns: [
      { name: 'Step', numeric: false },
      { name: 'State', numeric: false },
      { name: 'Start after ms', numeric: true },
      { name: 'Duration ms', numeric: true },
    ],
    rows: bars.map((bar) => [bar.label, bar.word, bar.start === null ? null : bar.start - start, bar.durationMs ?? null]),
  };
  return { kind: 'drawing', notes: [], table, drawing: { start, lengthMs, bars, ticksMs: ticksOf(lengthMs) } };
}

const roundSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5,
];

/** Three to six round moments within the length. */
function ticksOf(lengthMs: number): readonly number[] {
  const step = roundSteps.find((one) => lengthMs / one <= 6) ?? Math.ceil(lengthMs / 6 / 864e5) * 864e5;
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step);
}
