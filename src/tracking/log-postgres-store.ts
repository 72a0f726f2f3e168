import type { PostgresConnection } from '#kernel/database/index.ts';
import type { RipenError } from '#kernel/errors.ts';
import { empty, type LogEntry, type LoggedRun, type Series, spread } from './log-entry.ts';
import {
  arrivedPoints,
  chunked,
  isNewer,
  lastPoint,
  newestPoint,
  type Outcomes,
  type Point,
  problemOfRun,
  sealAt,
  smallChunk,
  storedValue,
  worthSealing,
} from './log-rows.ts';
import { chunkOf } from './metric-chunk.ts';
import { decodePoints, packPoints } from './metric-codec.ts';
import { comparePoints, mergePoints, type PointColumns } from './metric-points.ts';
import { writeFactsOnPostgres } from './log-facts-postgres-store.ts';

/**
 * Writes a group of entries in few statements of whole columns. One that cannot be written has its error; nothing of it stays, and the
 * others do. Servers that log to the same runs take turns by the rows of those runs, which all lock in the order of their numbers.
 */
export async function writeOnPostgres(connection: PostgresConnection, entries: readonly LogEntry[]): Promise<Outcomes> {
  const runs = [...new Set(entries.map(({ run }) => run))];
  const problems = await holdRuns(connection, runs);
  const refused = await writeFactsOnPostgres(
    connection,
    entries.filter(({ run }) => problems.get(run) === undefined),
  );
  const outcomes = entries.map((entry) => problems.get(entry.run) ?? refused.get(entry));
  const touched: Series[] = [];
  let arrived: Arrived[] = [];
  try {
    entries.forEach((entry, index) => outcomes[index] === undefined && spread(entry, touched));
    arrived = touched.map((series) => ({ series, points: arrivedPoints(series) }));
  } finally {
    empty(touched);
  }
  if (arrived.length === 0) return outcomes;
  try {
    await writeSeries(connection, arrived);
  } catch (error) {
    for (const series of touched) series.unsealed = undefined;
    throw error;
  }
  return outcomes;
}

/** Seals the series of a run that ended. */
export async function sealOnPostgres(connection: PostgresConnection, run: LoggedRun): Promise<void> {
  await holdRuns(connection, [run]);
  const select = {
    name: 'tracking-unsealed-of-run',
    text: `select metric, subject from metric_points where run = $1 group by metric, subject having sum(count) >= $2`,
  };
  const rows = await connection.query<{ metric: number; subject: number }>(select, [run.number, worthSealing]);
  for (const { metric, subject } of rows) await seal(connection, { run: run.number, metric, subject });
  for (const series of run.series.values()) series.unsealed = undefined;
}

interface Arrived {
  readonly series: Series;
  readonly points: PointColumns;
}

async function holdRuns(connection: PostgresConnection, runs: readonly LoggedRun[]): Promise<Map<LoggedRun, RipenError | undefined>> {
  const select = {
    name: 'tracking-hold-runs',
    text: 'select number, id, deleted_at from runs where number = any($1::bigint[]) order by number for no key update',
  };
  const rows = await connection.query<{ number: number; id: string; deleted_at: number | null }>(select, [
    runs.map(({ number }) => number),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(runs.map((run) => [run, problemOfRun(run, byId.get(run.id))]));
}

async function writeSeries(connection: PostgresConnection, arrived: readonly Arrived[]): Promise<void> {
  await lookUp(
    connection,
    arrived.map(({ series }) => series).filter(({ unsealed }) => unsealed === undefined),
  );
  const open: Arrived[] = [];
  for (const one of arrived) {
    const { series, points } = one;
    const unsealed = (series.unsealed ?? 0) + points.steps.length;
    if (unsealed < sealAt) {
      series.unsealed = unsealed;
      open.push(one);
    } else {
      await seal(connection, { run: series.run, metric: series.metric, subject: series.subject.number }, points);
      series.unsealed = 0;
    }
  }
  if (open.length > 0) await insertRows(connection, open);
  await writeLatest(connection, arrived);
  const ofModels = arrived.filter(({ series }) => series.subject.model !== '');
  if (ofModels.length > 0) await writeModelMetrics(connection, ofModels);
}

/** How many unsealed points there are; other servers may add some meanwhile, which only seals them a little later. */
async function lookUp(connection: PostgresConnection, unknown: readonly Series[]): Promise<void> {
  if (unknown.length === 0) return;
  const select = {
    name: 'tracking-unsealed',
    text: `select wanted.place::int as place, coalesce(sum(count), 0)::int as points
      from unnest($1::bigint[], $2::int[], $3::int[]) with ordinality as wanted (run, metric, subject, place)
      left join metric_points as p on p.run = wanted.run and p.metric = wanted.metric and p.subject = wanted.subject group by wanted.place`,
  };
  const rows = await connection.query<{ place: number; points: number }>(select, keyColumns(unknown));
  for (const { place, points } of rows) {
    const series = unknown[place - 1];
    if (series !== undefined) series.unsealed = points;
  }
}

function keyColumns(series: readonly Series[]): [number[], number[], number[]] {
  return [series.map(({ run }) => run), series.map(({ metric }) => metric), series.map(({ subject }) => subject.number)];
}

async function insertRows(connection: PostgresConnection, open: readonly Arrived[]): Promise<void> {
  const insert = {
    name: 'tracking-insert-points',
    text: `insert into metric_points (run, metric, subject, count, points)
      select * from unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::bytea[])`,
  };
  const keys = keyColumns(open.map(({ series }) => series));
  const counts = open.map(({ points }) => points.steps.length);
  const packed = open.map(({ points }) => packPoints(points));
  await connection.query(insert, [...keys, counts, packed]);
}

async function writeLatest(connection: PostgresConnection, arrived: readonly Arrived[]): Promise<void> {
  // A statement may change a row only once, and a metric may have come with several subjects.
  const latest = new Map<string, { series: Series; point: Point }>();
  for (const { series, points } of arrived) {
    const key = `${series.run} ${series.metric}`;
    const point = lastPoint(points);
    const before = latest.get(key);
    if (before === undefined || comparePoints(point, before.point) > 0) latest.set(key, { series, point });
  }
  const rows = [...latest.values()];
  const upsert = {
    name: 'tracking-upsert-latest',
    text: `insert into metric_latest (run, metric, subject, step, time, value)
      select * from unnest($1::bigint[], $2::int[], $3::int[], $4::float8[], $5::float8[], $6::float8[]) order by 1, 2
      on conflict (run, metric)
      do update set step = excluded.step, time = excluded.time, value = excluded.value, subject = excluded.subject
      where (excluded.step, excluded.time) > (metric_latest.step, metric_latest.time)
        or (excluded.step, excluded.time) = (metric_latest.step, metric_latest.time)
          and (excluded.value > metric_latest.value or excluded.value is not null and metric_latest.value is null)`,
  };
  await connection.query(upsert, [...keyColumns(rows.map(({ series }) => series)), ...pointColumns(rows.map(({ point }) => point))]);
}

function pointColumns(points: readonly Point[]): [number[], number[], (number | null)[]] {
  return [points.map(({ step }) => step), points.map(({ time }) => time), points.map(({ value }) => storedValue(value))];
}

async function writeModelMetrics(connection: PostgresConnection, arrived: readonly Arrived[]): Promise<void> {
  const newest = new Map<string, { series: Series; point: Point }>();
  for (const { series, points } of arrived) {
    const key = `${series.subject.number} ${series.metric}`;
    const point = newestPoint(points);
    const before = newest.get(key);
    if (before === undefined || isNewer(point, before.point)) newest.set(key, { series, point });
  }
  const rows = [...newest.values()];
  const upsert = {
    name: 'tracking-upsert-model-metrics',
    text: `insert into model_metrics (model, metric, dataset_name, dataset_digest, run, step, time, value)
      select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::float8[], $7::float8[], $8::float8[])
      order by 1, 2, 3, 4
      on conflict (model, metric, dataset_name, dataset_digest)
      do update set run = excluded.run, step = excluded.step, time = excluded.time, value = excluded.value
      where (excluded.time, excluded.step) > (model_metrics.time, model_metrics.step)
        or (excluded.time, excluded.step) = (model_metrics.time, model_metrics.step)
          and (excluded.value > model_metrics.value or excluded.value is not null and model_metrics.value is null)`,
  };
  await connection.query(upsert, [
    rows.map(({ series }) => series.subject.model),
    rows.map(({ series }) => series.metric),
    rows.map(({ series }) => series.subject.datasetName),
    rows.map(({ series }) => series.subject.datasetDigest),
    rows.map(({ series }) => series.run),
    ...pointColumns(rows.map(({ point }) => point)),
  ]);
}

interface SeriesKey {
  readonly run: number;
  readonly metric: number;
  readonly subject: number;
}

/** Makes chunks of the unsealed points of a series and of those that just arrived. The row of the run must be held. */
async function seal(connection: PostgresConnection, { run, metric, subject }: SeriesKey, arrived?: PointColumns): Promise<void> {
  const key = [run, metric, subject];
  const remove = {
    name: 'tracking-take-points',
    text: 'delete from metric_points where run = $1 and metric = $2 and subject = $3 returning points',
  };
  const parts = (await connection.query<{ points: Uint8Array }>(remove, key)).map(({ points }) => decodePoints(points));
  if (arrived !== undefined) parts.push(arrived);
  const take = {
    name: 'tracking-take-small-chunk',
    text: `delete from metric_chunks where count < $4 and number = (select number from metric_chunks
      where run = $1 and metric = $2 and subject = $3 order by first_step desc, first_time desc limit 1) returning points`,
  };
  for (const { points } of await connection.query<{ points: Uint8Array }>(take, [...key, smallChunk])) parts.push(decodePoints(points));
  for (const part of chunked(mergePoints(parts))) await insertChunk(connection, key, part);
}

async function insertChunk(connection: PostgresConnection, key: readonly number[], part: PointColumns): Promise<void> {
  const chunk = chunkOf(part);
  const insert = {
    name: 'tracking-insert-chunk',
    text: `insert into metric_chunks (run, metric, subject, first_step, last_step, first_time, last_time, min_time, max_time, count,
      missing, min_value, max_value, sum_value, points) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
  };
  await connection.query(insert, [
    ...key,
    chunk.first_step,
    chunk.last_step,
    chunk.first_time,
    chunk.last_time,
    chunk.min_time,
    chunk.max_time,
    chunk.count,
    chunk.missing,
    chunk.min_value,
    chunk.max_value,
    chunk.sum_value,
    chunk.points,
  ]);
}
