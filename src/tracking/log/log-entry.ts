import type { Subject } from '../metrics/subject-store.ts';

/** A run that is being logged to: what never changes about it, and its series of points. */
export interface LoggedRun {
  readonly id: string;
  readonly number: number;
  readonly project: string;
  /** Its metrics by number, and those of a subject by `metric subject`. */
  readonly series: Map<number | string, Series>;
  /** Entries that wait or are being written. */
  waiting: number;
}

/** The points of one metric of a run that measured one subject. */
export interface Series {
  readonly run: number;
  readonly metric: number;
  readonly subject: Subject;
  /** About how many points lie unsealed in the database; undefined until it was looked up. Others may have added or sealed some. */
  unsealed: number | undefined;
  /** Points of the group that is being written; empty in between. */
  readonly steps: number[];
  readonly times: number[];
  readonly values: number[];
}

/** What one call logs, with numbers for names. */
export interface LogEntry {
  readonly run: LoggedRun;
  /** The one point of an entry that is nothing but a point. */
  readonly series: Series | undefined;
  readonly step: number;
  readonly time: number;
  readonly value: number;
  readonly batch: PackedBatch | undefined;
  /** Roughly how many bytes it takes while it waits. */
  readonly weight: number;
}

export interface PackedBatch {
  /** The series of each point. */
  readonly series: readonly Series[];
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly parameters: readonly { readonly name: string; readonly number: number; readonly value: string }[];
  readonly tags: readonly { readonly number: number; readonly value: string }[];
  readonly removedTags: readonly number[];
}

export function seriesOf(run: LoggedRun, metric: number, subject: Subject): Series {
  const key = subject.number === 0 ? metric : `${metric} ${subject.number}`;
  let series = run.series.get(key);
  if (series === undefined) {
    series = { run: run.number, metric, subject, unsealed: undefined, steps: [], times: [], values: [] };
    run.series.set(key, series);
  }
  return series;
}

/** Puts the points of an entry into their series; adds those series to `touched` that had none before. */
export function spread(entry: LogEntry, touched: Series[]): void {
  const { batch } = entry;
  if (entry.series !== undefined) put(entry.series, entry, touched);
  if (batch === undefined) return;
  for (let index = 0; index < batch.series.length; index++) {
    const series = batch.series[index];
    if (series === undefined) continue;
    if (series.steps.length === 0) touched.push(series);
    series.steps.push(batch.steps[index] ?? 0);
    series.times.push(batch.times[index] ?? 0);
    series.values.push(batch.values[index] ?? 0);
  }
}

function put(series: Series, point: { readonly step: number; readonly time: number; readonly value: number }, touched: Series[]): void {
  if (series.steps.length === 0) touched.push(series);
  series.steps.push(point.step);
  series.times.push(point.time);
  series.values.push(point.value);
}

/** Forgets the points of a group that was written or given up. */
export function empty(touched: readonly Series[]): void {
  for (const series of touched) {
    series.steps.length = 0;
    series.times.length = 0;
    series.values.length = 0;
  }
}
