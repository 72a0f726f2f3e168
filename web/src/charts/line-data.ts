import { counted, finite, nothing, type Prepared } from './chart-model.ts';

/** `y` null: measured here, but without a result (a gap in the line). A missing point is not drawn as a gap. */
export interface LinePoint {
  readonly x: number;
  readonly y: number | null;
}

export interface LineSeries {
  readonly name: string;
  readonly points: readonly LinePoint[];
  /** `reference` is drawn grey, dashed and behind the rest. */
  readonly role?: 'current' | 'reference';
  /** Which colour, when the caller keeps one for the same thing in several charts; else they are dealt in order. */
  readonly colour?: number;
  /** Drawn pale behind the others, without a name: what a smoothed line was made from. */
  readonly faint?: boolean;
}

export interface LineOptions {
  readonly xName: string;
  readonly yName: string;
  /** `duration`: milliseconds since something began. */
  readonly xKind: 'time' | 'number' | 'duration';
  readonly scale?: 'linear' | 'log';
  /** What null means here; default: the value could not be computed. */
  readonly nullMeans?: string;
}

export interface LineDrawing {
  readonly x: readonly number[];
  /** In drawing order: references first. Undefined: this series has no point here and its line goes on; null: a gap. */
  readonly series: readonly {
    readonly name: string;
    readonly role: 'current' | 'reference';
    readonly colour: number;
    readonly faint: boolean;
    readonly y: readonly (number | null | undefined)[];
  }[];
}

const tableRows = 2_000;

/** Aligns series of different lengths on one x axis. Cost: O(points), so that 100k points take milliseconds. */
export function prepareLines(series: readonly LineSeries[], options: LineOptions): Prepared<LineDrawing> {
  if (series.length === 0)
    return nothing('Nothing was logged', 'Choose a metric, or log one: {"type":"metric","name":"loss","value":0.41,"step":10}');
  const x = [...new Set(series.flatMap((one) => one.points.map((point) => point.x)))].filter(Number.isFinite).toSorted((a, b) => a - b);
  const places = new Map(x.map((value, index) => [value, index]));
  const log = options.scale === 'log';
  let gaps = 0;
  let notPositive = 0;
  let colour = 0;
  const aligned = series.map((one) => {
    const y: (number | null | undefined)[] = Array.from({ length: x.length });
    for (const point of one.points) {
      const place = places.get(point.x);
      if (place === undefined) continue;
      const value = finite(point.y);
      const shown = log && value !== null && value <= 0 ? null : value;
      if (value === null) gaps += 1;
      else if (shown === null) notPositive += 1;
      y[place] = shown;
    }
    const role = one.role ?? 'current';
    const faint = one.faint === true;
    return { name: one.name, role, colour: role === 'reference' ? -1 : (one.colour ?? (faint ? colour : colour++)), faint, y };
  });
  if (!aligned.some((one) => one.y.some((value) => value !== null && value !== undefined)))
    return emptyLines(x.length, notPositive, options.nullMeans);
  const notes: string[] = [];
  if (gaps > 0) notes.push(`${counted(gaps, 'gap')}: ${options.nullMeans ?? 'the value was NaN or infinite'}`);
  if (notPositive > 0) notes.push(`${counted(notPositive, 'value')} of zero or less cannot stand on a log axis`);
  if (x.length > tableRows)
    notes.push(`The table shows the last ${tableRows.toLocaleString('en')} of ${x.length.toLocaleString('en')} points`);
  const depth = (one: (typeof aligned)[number]) => (one.role === 'reference' ? 2 : one.faint ? 1 : 0);
  const drawing = { x, series: aligned.toSorted((a, b) => depth(b) - depth(a)) };
  return { kind: 'drawing', drawing, notes, table: tableOf(aligned, x, options) };
}

function emptyLines(points: number, notPositive: number, nullMeans: string | undefined) {
  if (notPositive > 0) return nothing('All values are zero or less', 'A log axis has no place for them. Switch to a linear axis.');
  if (points > 0 && nullMeans !== undefined) return nothing('No value yet', `At every place ${nullMeans}.`);
  if (points > 0)
    return nothing(
      'No value is a number',
      'Each logged value was NaN or infinite: look at the learning rate and at the inputs of the step.',
    );
  return nothing('No point yet', 'Points appear as soon as the run logs them.');
}

function tableOf(series: LineDrawing['series'], x: readonly number[], options: LineOptions) {
  const from = Math.max(0, x.length - tableRows);
  const rows = x.slice(from).map((value, index) => {
    const first = options.xKind === 'time' ? new Date(value).toISOString() : value;
    return [first, ...series.map((one) => one.y[from + index] ?? null)];
  });
  const columns = [
    { name: options.xName, numeric: options.xKind !== 'time' },
    ...series.map((one) => ({ name: one.faint ? `${one.name}, as logged` : one.name, numeric: true })),
  ];
  return { columns, rows };
}
