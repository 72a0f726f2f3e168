import type { RunComparisonWire } from '#tracking/wire.ts';
import { directionOf } from '../metric-direction.ts';

export interface ParallelAxis {
  /** `parameter depth`, `metric auc`: unique. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'parameter' | 'metric';
  /** What stands at the ends of the axis, bottom to top. */
  readonly low: string;
  readonly high: string;
  /** Place of each run on the axis, 0 at the bottom to 1; undefined: the run has no value. */
  readonly places: readonly (number | undefined)[];
  /** What each run has here, as text. */
  readonly values: readonly (string | undefined)[];
}

/** One axis for each parameter that differs and each metric; words stand in the order of the alphabet. */
export function parallelAxes({ parameters, metrics }: Pick<RunComparisonWire, 'parameters' | 'metrics'>): readonly ParallelAxis[] {
  const given = parameters.filter((line) => line.differs).map((line) => axisOf(line.name, 'parameter', line.values));
  const measured = metrics.filter((line) => line.differs).map((line) => axisOf(line.name, 'metric', line.values));
  return [...given, ...measured].filter((axis) => axis.low !== axis.high);
}

function axisOf(name: string, kind: ParallelAxis['kind'], given: readonly (string | number | null)[]): ParallelAxis {
  const id = `${kind} ${name}`;
  const there = given.filter((value) => value !== null);
  const values = given.map((value) => (value === null ? undefined : String(value)));
  const numbers = there.map(Number);
  const finite = numbers.filter(Number.isFinite);
  // A metric that is NaN or infinite somewhere is still an axis of numbers.
  if (
    finite.length > 0 &&
    there.every((value, index) => String(value).trim() !== '' && (kind === 'metric' || Number.isFinite(numbers[index])))
  ) {
    const low = Math.min(...finite);
    const high = Math.max(...finite);
    const places = given.map((value) =>
      value === null || high === low || !Number.isFinite(Number(value)) ? undefined : (Number(value) - low) / (high - low),
    );
    return { id, name, kind, low: String(Number(low.toPrecision(4))), high: String(Number(high.toPrecision(4))), places, values };
  }
  const words = [...new Set(there.map(String))].toSorted();
  const places = given.map((value) => (value === null ? undefined : words.indexOf(String(value)) / Math.max(1, words.length - 1)));
  return { id, name, kind, low: words[0] ?? '', high: words.at(-1) ?? '', places, values };
}

/** The part of an axis that a reader has chosen; 0 at the bottom to 1. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

export type Brushes = Readonly<Record<string, Brush>>;

/** For each run whether it passes through every brush; a run without a value on a brushed axis does not. */
export function withinBrushes(axes: readonly ParallelAxis[], brushes: Brushes, runs: number): readonly boolean[] {
  return Array.from({ length: runs }, (_, run) =>
    axes.every((axis) => {
      const brush = brushes[axis.id];
      if (brush === undefined) return true;
      const place = axis.places[run];
      return place !== undefined && place >= brush.from - 1e-9 && place <= brush.to + 1e-9;
    }),
  );
}

/** A brush after a key: arrows move it or, with Shift, its upper end; the first arrow makes one. Undefined: it goes away. */
export function brushAfterKey(brush: Brush | undefined, key: string, shift: boolean): Brush | undefined {
  if (key === 'Escape' || key === 'Delete' || key === 'Backspace') return undefined;
  const by = { ArrowUp: 0.1, ArrowDown: -0.1 }[key];
  if (by === undefined) return brush;
  if (brush === undefined) return by > 0 ? { from: 0.5, to: 1 } : { from: 0, to: 0.5 };
  if (shift) return { from: brush.from, to: Math.min(1, Math.max(brush.from + 0.05, brush.to + by)) };
  const length = brush.to - brush.from;
  const from = Math.min(1 - length, Math.max(0, brush.from + by));
  return { from, to: from + length };
}

/** Axes at first: as many as a reader can follow, the ends of which are measures. */
export function firstAxes(axes: readonly ParallelAxis[], most: number): readonly string[] {
  const measures = judgedFirst(axes).slice(0, Math.ceil(most / 2));
  const parameters = axes.filter((axis) => axis.kind === 'parameter').slice(0, most - measures.length);
  return [...parameters, ...measures].map(({ id }) => id);
}

/** The metrics of the models themselves, those first of which the name says which way is better. */
export function judgedFirst(axes: readonly ParallelAxis[]): readonly ParallelAxis[] {
  const metrics = axes.filter((axis) => axis.kind === 'metric' && !axis.name.startsWith('system/'));
  return metrics.toSorted((a, b) => Number(directionOf(a.name) === undefined) - Number(directionOf(b.name) === undefined));
}
