import { sql } from 'kysely';
import { type Queryable, readRows } from '#kernel/database/index.ts';
import type { ChunkSummary } from './metric-chunk.ts';
import { decodePoints } from './metric-codec.ts';
import type { PointColumns } from './metric-points.ts';
import type { LatestMetric } from '../model.ts';
import type { RunNames } from '../log/name-store.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { TrackingTables } from '../store.ts';
import { readSubjects } from './subject-store.ts';

type LatestColumns = readonly [run: number, metric: number, step: number, time: number, value: number | string | null, subject: number];

/** The latest point of each metric of the given runs, by run, in the order of the names. */
export async function readLatest(from: Queryable, names: RunNames, runs: readonly number[]): Promise<ReadonlyMap<number, LatestMetric[]>> {
  const byRun = new Map<number, LatestMetric[]>(runs.map((run) => [run, []]));
  if (runs.length === 0) return byRun;
  const rows = await readRows<LatestColumns>(
    from,
    ['run', 'metric', 'step', 'time', 'value', 'subject'],
    sql`from metric_latest where ${isOneOf(sql.ref('run'), runs, from.dialect)}`,
  );
  const byMetric = new Map<number, LatestColumns[]>();
  for (const row of rows) {
    const of = byMetric.get(row[1]);
    if (of === undefined) byMetric.set(row[1], [row]);
    else of.push(row);
  }
  const spelled = await names.spelled(new Set(byMetric.keys()));
  const subjects = await readSubjects(from, [...new Set(rows.map(([, , , , , subject]) => subject))]);
  const inOrder = [...byMetric].map(([metric, of]) => ({ name: spelled.get(metric) ?? '', of })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, of } of inOrder) {
    for (const [run, , step, time, value, subject] of of) {
      const point = { name, step, time, value: value === null ? Number.NaN : Number(value) };
      byRun.get(run)?.push(subject === 0 ? point : { ...point, ...subjects.get(subject) });
    }
  }
  return byRun;
}

/** The points of one metric of a run, by their numbers. */
export interface SeriesKey {
  readonly run: number;
  readonly metric: number;
}

/** Points that are not sealed yet, in parts of any order. */
export async function readUnsealed(from: Queryable, { run, metric }: SeriesKey): Promise<PointColumns[]> {
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('metric_points')
    .select(['subject', 'points'])
    .where('run', '=', run)
    .where('metric', '=', metric)
    .execute();
  return rows.map(({ subject, points }) => withSubject(decodePoints(points), subject));
}

/** A chunk that is still closed. */
export interface Chunk extends ChunkSummary {
  readonly number: number;
  readonly subject: number;
}

export type Axis = 'step' | 'time';

/** Inclusive. */
export interface AxisRange {
  readonly axis: Axis;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The chunks that may have points within the range, by their first points. */
export async function readChunks(from: Queryable, { run, metric }: SeriesKey, range: AxisRange): Promise<Chunk[]> {
  let select = from
    .query<TrackingTables>()
    .selectFrom('metric_chunks')
    .select(['number', 'subject', 'first_step', 'last_step', 'first_time', 'last_time', 'min_time', 'max_time'])
    .select(['count', 'missing', 'min_value', 'max_value', 'sum_value'])
    .where('run', '=', run)
    .where('metric', '=', metric);
  const [least, greatest] = range.axis === 'step' ? (['first_step', 'last_step'] as const) : (['min_time', 'max_time'] as const);
  if (range.from !== undefined) select = select.where(greatest, '>=', range.from);
  if (range.to !== undefined) select = select.where(least, '<=', range.to);
  return select.orderBy('first_step').orderBy('first_time').execute();
}

const chunksAtOnce = 200;

/** Opens chunks, in the order given. */
export async function openChunks(from: Queryable, chunks: readonly Chunk[]): Promise<PointColumns[]> {
  const opened: PointColumns[] = [];
  for (let start = 0; start < chunks.length; start += chunksAtOnce) {
    const part = chunks.slice(start, start + chunksAtOnce);
    const rows = await from
      .query<TrackingTables>()
      .selectFrom('metric_chunks')
      .select(['number', 'points'])
      .where(
        'number',
        'in',
        part.map(({ number }) => number),
      )
      .execute();
    const byNumber = new Map(rows.map(({ number, points }) => [number, points]));
    for (const { number, subject } of part) {
      const points = byNumber.get(number);
      if (points !== undefined) opened.push(withSubject(decodePoints(points), subject));
    }
  }
  return opened;
}

function withSubject(points: PointColumns, subject: number): PointColumns {
  return subject === 0 ? points : { ...points, subjects: new Int32Array(points.steps.length).fill(subject) };
}
