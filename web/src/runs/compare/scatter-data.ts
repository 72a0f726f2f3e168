import { counted, nothing, type Prepared } from '../../charts/chart-model.ts';
import type { ParallelAxis } from './parallel-data.ts';

export interface ScatterDot {
  readonly run: number;
  readonly x: number;
  readonly y: number;
  /** 0 to 1 along the chosen third measure; undefined: none was chosen, or the run lacks it. */
  readonly shade: number | undefined;
}

export interface ScatterDrawing {
  readonly dots: readonly ScatterDot[];
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

export interface ScatterChoice {
  readonly x: ParallelAxis | undefined;
  readonly y: ParallelAxis | undefined;
  readonly colour: ParallelAxis | undefined;
}

/** Runs as dots over two of their numbers; runs that lack one are counted, not drawn. */
export function prepareScatter({ x, y, colour }: ScatterChoice, names: readonly string[]): Prepared<ScatterDrawing> {
  if (x === undefined || y === undefined)
    return nothing('Nothing to put against each other', 'The runs need two numbers in which they differ.');
  const all = names.map((_, run) => ({
    run,
    x: Number(x.values[run] ?? Number.NaN),
    y: Number(y.values[run] ?? Number.NaN),
    shade: colour?.places[run],
  }));
  const dots = all.filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
  if (dots.length === 0) return nothing('No run has both numbers', 'Choose another axis.');
  const missing = all.length - dots.length;
  return {
    kind: 'drawing',
    drawing: { dots, x: rangeOf(dots.map((dot) => dot.x)), y: rangeOf(dots.map((dot) => dot.y)) },
    notes: missing === 0 ? [] : [`${counted(missing, 'run')} without one of the numbers`],
    table: {
      columns: [
        { name: 'run', numeric: false },
        { name: x.name, numeric: true },
        { name: y.name, numeric: true },
        ...(colour === undefined ? [] : [{ name: colour.name, numeric: false }]),
      ],
      rows: dots.map((dot) => [names[dot.run] ?? '', dot.x, dot.y, ...(colour === undefined ? [] : [colour.values[dot.run] ?? null])]),
    },
  };
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high === low ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.06;
  return [low - room, high + room];
}

/** Axes on which every value is a number. */
export function numericAxes(axes: readonly ParallelAxis[]): readonly ParallelAxis[] {
  return axes.filter(
    ({ kind, values }) =>
      kind === 'metric' || values.every((value) => value === undefined || (value.trim() !== '' && Number.isFinite(Number(value)))),
  );
}
