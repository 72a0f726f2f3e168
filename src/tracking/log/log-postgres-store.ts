import type { PostgresConnection } from '#kernel/database/index.ts';
import { empty, type LogEntry, type Series, spread } from './log-entry.ts';
import { type Arrived, keyColumns, writeLatest, writeModelMetrics } from './log-latest-postgres-store.ts';
import { writePointsOnPostgres } from './log-points-postgres-store.ts';
import { holdRuns, seal } from './log-seal-postgres-store.ts';
import { arrivedPoints, type Outcomes, sealAt } from './log-rows.ts';
import { packPoints } from '../metrics/metric-codec.ts';
import { writeFactsOnPostgres } from './log-facts-postgres-store.ts';

/**
 * Writes a group of entries in few statements of whole columns. One that cannot be written has its error; nothing of it stays, and the
 * others do. Servers that log to the same runs take turns by the rows of those runs, which all lock in the order of their numbers.
 */
export async function writeOnPostgres(connection: PostgresConnection, entries: readonly LogEntry[]): Promise<Outcomes> {
  const written = await writePointsOnPostgres(connection, entries);
  if (written !== undefined) return written;
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
