import type { Queryable } from '#kernel/database/index.ts';
import { mergePoints, type PointColumns } from './metric-points.ts';
import { type Axis, type AxisRange, type Chunk, openChunks, readChunks, readUnsealed, type SeriesKey } from './metric-store.ts';

export interface Bucket {
  /** First and last position on the axis that a point of this bucket has. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Points that are NaN; they count in no figure below. */
  readonly missing: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly mean: number | undefined;
}

export interface CurveShape {
  /** Points within the range. */
  readonly points: number;
  /** False when each bucket is one point. */
  readonly sampled: boolean;
  readonly buckets: readonly Bucket[];
}

/**
 * A curve in at most `most` buckets of equal width. A chunk that lies in one bucket and shares its place with no other points is
 * counted by its summary and stays closed. `at` must see one moment.
 */
export async function readCurve(at: Queryable, series: SeriesKey, range: AxisRange & { readonly most: number }): Promise<CurveShape> {
  const chunks = await readChunks(at, series, range);
  const unsealed = mergePoints(await readUnsealed(at, series));
  const closed = alone(chunks).filter((chunk) => !holdsAny(chunk, unsealed) && isInside(chunk, range));
  const apart = new Set(closed);
  const open = mergePoints([
    unsealed,
    ...(await openChunks(
      at,
      chunks.filter((chunk) => !apart.has(chunk)),
    )),
  ]);
  const extent = extentOf(open, closed, range);
  if (extent.count === 0) return { points: 0, sampled: false, buckets: [] };
  const width = extent.count <= range.most ? 1 : Math.ceil((extent.to - extent.from + 1) / range.most);
  const cut = { axis: range.axis, from: extent.from, width, range };
  const [whole, split] = partition(closed, (chunk) => placeOf(cut, leastOf(chunk, cut.axis)) === placeOf(cut, greatestOf(chunk, cut.axis)));
  const buckets = new Map<number, Gathering>();
  for (const chunk of whole) addChunk(buckets, cut, chunk);
  for (const points of [open, ...(await openChunks(at, split))]) addPoints(buckets, cut, points);
  const shown = [...buckets.entries()].toSorted(([a], [b]) => a - b).map(([, gathering]) => bucketOf(gathering));
  return { points: extent.count, sampled: shown.length < extent.count, buckets: shown };
}

interface Cut {
  readonly axis: Axis;
  readonly from: number;
  readonly width: number;
  readonly range: AxisRange;
}

interface Gathering {
  from: number;
  to: number;
  count: number;
  missing: number;
  min: number;
  max: number;
  sum: number;
}

/** The chunks between whose first and last point no other chunk has any; chunks come by their first points. */
function alone(chunks: readonly Chunk[]): Chunk[] {
  let furthest: Chunk | undefined;
  return chunks.filter((chunk, index) => {
    const next = chunks[index + 1];
    const isAlone = (furthest === undefined || isBehind(chunk, furthest)) && (next === undefined || isBehind(next, chunk));
    if (furthest === undefined || (chunk.last_step - furthest.last_step || chunk.last_time - furthest.last_time) > 0) furthest = chunk;
    return isAlone;
  });
}

function isBehind(chunk: Chunk, other: Chunk): boolean {
  return (chunk.first_step - other.last_step || chunk.first_time - other.last_time) > 0;
}

function holdsAny(chunk: Chunk, { steps }: PointColumns): boolean {
  return steps.some((step) => step >= chunk.first_step && step <= chunk.last_step);
}

function isInside(chunk: Chunk, { axis, from = -Infinity, to = Infinity }: AxisRange): boolean {
  return leastOf(chunk, axis) >= from && greatestOf(chunk, axis) <= to;
}

function leastOf(chunk: Chunk, axis: Axis): number {
  return axis === 'step' ? chunk.first_step : chunk.min_time;
}

function greatestOf(chunk: Chunk, axis: Axis): number {
  return axis === 'step' ? chunk.last_step : chunk.max_time;
}

function extentOf(points: PointColumns, closed: readonly Chunk[], range: AxisRange): { count: number; from: number; to: number } {
  const { axis, from = -Infinity, to = Infinity } = range;
  const extent = { count: 0, from: Infinity, to: -Infinity };
  const add = (least: number, greatest: number, count: number): void => {
    extent.count += count;
    if (least < extent.from) extent.from = least;
    if (greatest > extent.to) extent.to = greatest;
  };
  for (const place of columnOf(points, axis)) if (place >= from && place <= to) add(place, place, 1);
  for (const chunk of closed) add(leastOf(chunk, axis), greatestOf(chunk, axis), chunk.count);
  return extent;
}

function columnOf(points: PointColumns, axis: Axis): Float64Array {
  return axis === 'step' ? points.steps : points.times;
}

function placeOf({ from, width }: Cut, position: number): number {
  return Math.floor((position - from) / width);
}

function gatheringAt(buckets: Map<number, Gathering>, place: number): Gathering {
  let found = buckets.get(place);
  if (found === undefined) {
    found = { from: Infinity, to: -Infinity, count: 0, missing: 0, min: Infinity, max: -Infinity, sum: 0 };
    buckets.set(place, found);
  }
  return found;
}

function addChunk(buckets: Map<number, Gathering>, cut: Cut, chunk: Chunk): void {
  const into = gatheringAt(buckets, placeOf(cut, leastOf(chunk, cut.axis)));
  into.from = Math.min(into.from, leastOf(chunk, cut.axis));
  into.to = Math.max(into.to, greatestOf(chunk, cut.axis));
  into.count += chunk.count;
  into.missing += chunk.missing;
  if (chunk.missing === chunk.count) return;
  into.min = Math.min(into.min, chunk.min_value ?? Infinity);
  into.max = Math.max(into.max, chunk.max_value ?? -Infinity);
  into.sum += chunk.sum_value ?? Number.NaN;
}

function addPoints(buckets: Map<number, Gathering>, cut: Cut, points: PointColumns): void {
  const { from = -Infinity, to = Infinity } = cut.range;
  const positions = columnOf(points, cut.axis);
  // Points come in their order, so that most fall where the one before fell.
  let place = Number.NaN;
  let into: Gathering | undefined;
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index] ?? 0;
    if (position < from || position > to) continue;
    const here = placeOf(cut, position);
    if (into === undefined || here !== place) {
      into = gatheringAt(buckets, here);
      place = here;
    }
    if (position < into.from) into.from = position;
    if (position > into.to) into.to = position;
    into.count++;
    const value = points.values[index] ?? 0;
    if (Number.isNaN(value)) {
      into.missing++;
      continue;
    }
    if (value < into.min) into.min = value;
    if (value > into.max) into.max = value;
    into.sum += value;
  }
}

/** Infinities of both signs have no mean. */
function bucketOf({ from, to, count, missing, min, max, sum }: Gathering): Bucket {
  const present = count - missing;
  if (present === 0) return { from, to, count, missing, min: undefined, max: undefined, mean: undefined };
  return { from, to, count, missing, min, max, mean: sum / present };
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const [yes, no]: [Item[], Item[]] = [[], []];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}
