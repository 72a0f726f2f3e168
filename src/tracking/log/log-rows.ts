import type { RipenError } from '#kernel/errors.ts';
import { trackingErrors } from '../errors.ts';
import type { LoggedRun, Series } from './log-entry.ts';
import { compareValues, mergePoints, type PointColumns, slicePoints } from '../metrics/metric-points.ts';

/** What became of each entry of a group, in its order: undefined where it was written. */
export type Outcomes = readonly (RipenError | undefined)[];

/** So many unsealed points of a series become a chunk. */
export const sealAt = 1024;
/** A run that ended leaves series shorter than this as they are. */
export const worthSealing = 32;
/** So many series of a run that ended are sealed before other writers have their turn. */
export const sealedAtOnce = 50;
/** A chunk below this is opened again when the next points of its series are sealed. */
export const smallChunk = 512;
const largestChunk = 4096;

/** The points that a series got in this group, in their order, each once. */
export function arrivedPoints({ steps, times, values }: Series): PointColumns {
  return mergePoints([{ steps: Float64Array.from(steps), times: Float64Array.from(times), values: Float64Array.from(values) }]);
}

/** Points cut into parts for chunks. */
export function chunked(points: PointColumns): PointColumns[] {
  const count = points.steps.length;
  const parts = Math.ceil(count / largestChunk);
  const size = Math.ceil(count / Math.max(1, parts));
  return Array.from({ length: parts }, (_, part) => slicePoints(points, part * size, Math.min(count, (part + 1) * size)));
}

export interface Point {
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

/** The greatest of points in their order. */
export function lastPoint({ steps, times, values }: PointColumns): Point {
  const last = steps.length - 1;
  return { step: steps[last] ?? 0, time: times[last] ?? 0, value: values[last] ?? 0 };
}

/** The newest point: by time, then step, then value, as MLflow ranks the metrics of a logged model. */
export function newestPoint({ steps, times, values }: PointColumns): Point {
  let newest: Point = { step: steps[0] ?? 0, time: times[0] ?? 0, value: values[0] ?? 0 };
  for (let index = 1; index < steps.length; index++) {
    const point = { step: steps[index] ?? 0, time: times[index] ?? 0, value: values[index] ?? 0 };
    if (isNewer(point, newest)) newest = point;
  }
  return newest;
}

export function isNewer(point: Point, than: Point): boolean {
  return (point.time - than.time || point.step - than.step || compareValues(point.value, than.value)) > 0;
}

/** NaN is null in a column that both databases order. */
export function storedValue(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Why nothing can be logged to a run, by its row. */
export function problemOfRun(run: LoggedRun, row: { readonly deleted_at?: unknown } | undefined): RipenError | undefined {
  if (row === undefined) return trackingErrors['run-not-found']({ run: run.id });
  if (row.deleted_at !== null) return trackingErrors['run-deleted']({ run: run.id });
  return undefined;
}

export function parameterChanged(run: string, parameter: string, values: { kept: string; attempted: string }): RipenError {
  return trackingErrors['parameter-changed']({ run, parameter, value: shorten(values.kept), attempted: shorten(values.attempted) });
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
