import type { Queryable } from '#kernel/database/index.ts';
import { comparePoints, compareValues, mergePoints, noPoints, type PointColumns, slicePoints } from './metric-points.ts';
import { type Chunk, openChunks, readChunks, readUnsealed, type SeriesKey } from './metric-store.ts';
import type { MetricPoint } from '../model.ts';
import { readSubjects } from './subject-store.ts';

export interface HistoryPage {
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
  /** Only points after this one; without a value, after all of this step and time. */
  readonly after?: { readonly step: number; readonly time: number; readonly value?: number | undefined } | undefined;
  readonly limit: number;
}

/** Points of one metric in the order of step, time and value. `at` must see one moment. */
export async function readHistory(at: Queryable, series: SeriesKey, page: HistoryPage): Promise<MetricPoint[]> {
  const from = Math.max(page.fromStep ?? -Infinity, page.after?.step ?? -Infinity);
  const range = { axis: 'step' as const, ...(Number.isFinite(from) ? { from } : {}), to: page.toStep };
  const chunks = (await readChunks(at, series, range)).filter((chunk) => !endsBefore(chunk, page.after));
  const unsealed = mergePoints(await readUnsealed(at, series));
  const parts: PointColumns[] = [unsealed];
  let points = noPoints;
  let opened = 0;
  do {
    const next = enough(chunks, opened, page.limit);
    parts.push(...(await openChunks(at, chunks.slice(opened, next))));
    opened = next;
    // Kept as one part, so that it is not put together again each time.
    const merged = mergePoints(parts);
    parts.splice(0, parts.length, merged);
    points = within(merged, page, chunks[opened]);
  } while (opened < chunks.length && points.steps.length < page.limit);
  return pointsOf(at, slicePoints(points, 0, page.limit));
}

function endsBefore(chunk: Chunk, after: HistoryPage['after']): boolean {
  return after !== undefined && (chunk.last_step - after.step || chunk.last_time - after.time) < 0;
}

/** Up to which chunk to open for `limit` more points. */
function enough(chunks: readonly Chunk[], opened: number, limit: number): number {
  let next = opened;
  for (let count = 0; next < chunks.length && count < limit; next++) count += chunks[next]?.count ?? 0;
  return next;
}

/** The points of the page among those that are open: what the next chunk may still have does not count yet. */
function within(points: PointColumns, page: HistoryPage, next: Chunk | undefined): PointColumns {
  const { steps, times, values } = points;
  const { fromStep = -Infinity, toStep = Infinity, after } = page;
  const place = (index: number) => ({ step: steps[index] ?? 0, time: times[index] ?? 0, value: values[index] ?? 0 });
  const isBefore = (index: number): boolean => {
    const point = place(index);
    if (point.step < fromStep) return true;
    if (after === undefined) return false;
    const order = point.step - after.step || point.time - after.time;
    return order < 0 || (order === 0 && (after.value === undefined || compareValues(point.value, after.value) <= 0));
  };
  const limit = next === undefined ? undefined : { step: next.first_step, time: next.first_time, value: Number.NaN };
  const isBehind = (index: number): boolean => {
    const point = place(index);
    return point.step > toStep || (limit !== undefined && comparePoints(point, limit) >= 0);
  };
  const first = firstWhere(steps.length, (index) => !isBefore(index));
  return slicePoints(
    points,
    first,
    Math.max(
      first,
      firstWhere(steps.length, (index) => isBehind(index)),
    ),
  );
}

/** The first index of which `holds` is true, given that it stays true from there on. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function pointsOf(at: Queryable, { steps, times, values, subjects }: PointColumns): Promise<MetricPoint[]> {
  const known = subjects === undefined ? undefined : await readSubjects(at, [...new Set(subjects)]);
  return Array.from(steps, (step, index) => {
    const point = { step, time: times[index] ?? 0, value: values[index] ?? 0 };
    return known === undefined ? point : { ...point, ...known.get(subjects?.[index] ?? 0) };
  });
}
