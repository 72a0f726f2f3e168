import { encodePoints } from './metric-codec.ts';
import type { PointColumns } from './metric-points.ts';

/** What is known of a chunk without opening it, as `metric_chunks` keeps it. Values are null where all points are NaN. */
export interface ChunkSummary {
  readonly first_step: number;
  readonly last_step: number;
  /** Time of the first and of the last point in the order of points. */
  readonly first_time: number;
  readonly last_time: number;
  readonly min_time: number;
  readonly max_time: number;
  readonly count: number;
  /** Points that are NaN; they count in no figure below. */
  readonly missing: number;
  readonly min_value: number | null;
  readonly max_value: number | null;
  /** Null also where infinities of both signs have no sum. */
  readonly sum_value: number | null;
}

export interface NewChunk extends ChunkSummary {
  readonly points: Uint8Array;
}

/** The columns of a chunk besides its key, for stores that write SQL by hand. */
export const chunkColumns = [
  'first_step',
  'last_step',
  'first_time',
  'last_time',
  'min_time',
  'max_time',
  'count',
  'missing',
  'min_value',
  'max_value',
  'sum_value',
  'points',
] as const satisfies readonly (keyof NewChunk)[];

/** A chunk of points that are in their order; at least one. */
export function chunkOf(points: PointColumns): NewChunk {
  const { steps, times, values } = points;
  const last = steps.length - 1;
  let [minTime, maxTime] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < minTime) minTime = time;
    if (time > maxTime) maxTime = time;
  }
  return {
    first_step: steps[0] ?? 0,
    last_step: steps[last] ?? 0,
    first_time: times[0] ?? 0,
    last_time: times[last] ?? 0,
    min_time: minTime,
    max_time: maxTime,
    count: steps.length,
    ...summarize(values),
    points: encodePoints(points),
  };
}

function summarize(values: Float64Array): Pick<ChunkSummary, 'missing' | 'min_value' | 'max_value' | 'sum_value'> {
  let missing = 0;
  let sum = 0;
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (missing === values.length) return { missing, min_value: null, max_value: null, sum_value: null };
  return { missing, min_value: min, max_value: max, sum_value: Number.isNaN(sum) ? null : sum };
}
