import type { PostgresConnection } from '#kernel/database/index.ts';
import type { RipenError } from '#kernel/errors.ts';
import type { LoggedRun } from './log-entry.ts';
import { chunked, problemOfRun, sealedAtOnce, smallChunk, worthSealing } from './log-rows.ts';
import { chunkColumns, chunkOf } from '../metrics/metric-chunk.ts';
import { decodePoints } from '../metrics/metric-codec.ts';
import { mergePoints, type PointColumns } from '../metrics/metric-points.ts';

/** Seals some series of a run that ended; says whether there are more. */
export async function sealOnPostgres(connection: PostgresConnection, run: LoggedRun): Promise<boolean> {
  await holdRuns(connection, [run]);
  const select = {
    name: 'tracking-unsealed-of-run',
    text: `select metric, subject from metric_points where run = $1 group by metric, subject having sum(count) >= $2
      order by metric, subject limit $3`,
  };
  const rows = await connection.query<{ metric: number; subject: number }>(select, [run.number, worthSealing, sealedAtOnce]);
  for (const { metric, subject } of rows) await seal(connection, { run: run.number, metric, subject });
  for (const series of run.series.values()) series.unsealed = undefined;
  return rows.length === sealedAtOnce;
}

/** Holds the rows of runs until the transaction ends; says why nothing can be logged to one. */
export async function holdRuns(
  connection: PostgresConnection,
  runs: readonly LoggedRun[],
): Promise<Map<LoggedRun, RipenError | undefined>> {
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

interface StoredSeries {
  readonly run: number;
  readonly metric: number;
  readonly subject: number;
}

/** Makes chunks of the unsealed points of a series and of those that just arrived. The row of the run must be held. */
export async function seal(connection: PostgresConnection, { run, metric, subject }: StoredSeries, arrived?: PointColumns): Promise<void> {
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

const insertText = `insert into metric_chunks (run, metric, subject, ${chunkColumns.join(', ')})
  values ($1, $2, $3, ${chunkColumns.map((_, index) => `$${index + 4}`).join(', ')})`;

async function insertChunk(connection: PostgresConnection, key: readonly number[], part: PointColumns): Promise<void> {
  const chunk = chunkOf(part);
  const insert = { name: 'tracking-insert-chunk', text: insertText };
  await connection.query(insert, [...key, ...chunkColumns.map((column) => chunk[column])]);
}
