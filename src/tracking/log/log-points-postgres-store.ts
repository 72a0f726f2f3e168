import type { PostgresConnection } from '#kernel/database/index.ts';
import { empty, type LogEntry, type Series, spread } from './log-entry.ts';
import { arrivedPoints, lastPoint, type Outcomes, problemOfRun, sealAt, storedValue } from './log-rows.ts';
import { packPoints } from '../metrics/metric-codec.ts';

/**
 * Writes a group that is nothing but points of runs, none of which fills a chunk, in one statement: what training loops send most of
 * the time. Undefined when the group is of another kind, or one of its series was not looked up yet; then nothing was done.
 */
export async function writePointsOnPostgres(connection: PostgresConnection, entries: readonly LogEntry[]): Promise<Outcomes | undefined> {
  if (entries.some(hasFacts)) return undefined;
  const touched: Series[] = [];
  try {
    for (const entry of entries) spread(entry, touched);
    if (touched.length === 0 || !touched.every(staysOpen)) return undefined;
    const arrived = touched.map((series) => ({ series, points: arrivedPoints(series) }));
    const runs = [...new Set(entries.map(({ run }) => run))];
    const last = arrived.map(({ points }) => lastPoint(points));
    for (const { series, points } of arrived) series.unsealed = (series.unsealed ?? 0) + points.steps.length;
    const rows = await connection.alone<{ id: string; deleted_at: number | null }>(writeAll, [
      runs.map(({ number }) => number),
      runs.map(({ id }) => id),
      arrived.map(({ series }) => series.run),
      arrived.map(({ series }) => series.metric),
      arrived.map(({ points }) => points.steps.length),
      arrived.map(({ points }) => packPoints(points)),
      last.map(({ step }) => step),
      last.map(({ time }) => time),
      last.map(({ value }) => storedValue(value)),
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const problems = new Map(runs.map((run) => [run, problemOfRun(run, byId.get(run.id))]));
    return entries.map(({ run }) => problems.get(run));
  } finally {
    empty(touched);
  }
}

function hasFacts({ batch }: LogEntry): boolean {
  return batch !== undefined && batch.parameters.length + batch.tags.length + batch.removedTags.length > 0;
}

function staysOpen({ subject, unsealed, steps }: Series): boolean {
  return subject.number === 0 && unsealed !== undefined && unsealed + steps.length < sealAt;
}

/** Only what belongs to a run that is there and not deleted is written; the rows of all runs come back. */
const writeAll = {
  name: 'tracking-write-points',
  text: `with held as (
      select number, id, deleted_at from runs where number = any($1::bigint[]) order by number for no key update
    ), arrived as (
      select came.* from unnest($3::bigint[], $4::int[], $5::int[], $6::bytea[], $7::float8[], $8::float8[], $9::float8[])
        as came (run, metric, count, points, step, time, value)
      join held on held.number = came.run where held.deleted_at is null and held.id = any($2::text[])
    ), kept as (
      insert into metric_points (run, metric, subject, count, points) select run, metric, 0, count, points from arrived
    ), newest as (
      insert into metric_latest (run, metric, subject, step, time, value)
      select run, metric, 0, step, time, value from arrived order by run, metric
      on conflict (run, metric)
      do update set step = excluded.step, time = excluded.time, value = excluded.value, subject = excluded.subject
      where (excluded.step, excluded.time) > (metric_latest.step, metric_latest.time)
        or (excluded.step, excluded.time) = (metric_latest.step, metric_latest.time)
          and (excluded.value > metric_latest.value or excluded.value is not null and metric_latest.value is null)
    ) select id, deleted_at from held`,
};
