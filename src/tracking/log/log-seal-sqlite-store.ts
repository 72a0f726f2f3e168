import type { SqliteConnection } from '#kernel/database/index.ts';
import type { LoggedRun } from './log-entry.ts';
import { chunked, sealedAtOnce, smallChunk, worthSealing } from './log-rows.ts';
import { chunkColumns, chunkOf } from '../metrics/metric-chunk.ts';
import { decodePoints } from '../metrics/metric-codec.ts';
import { mergePoints, type PointColumns } from '../metrics/metric-points.ts';

/** Seals some series of a run that ended; says whether there are more. */
export function sealOnSqlite(connection: SqliteConnection, run: LoggedRun): boolean {
  const rows = connection
    .prepare(
      'select metric, subject from metric_points where run = ? group by metric, subject having sum(count) >= ? order by metric, subject limit ?',
    )
    .all(run.number, worthSealing, sealedAtOnce);
  for (const { metric, subject } of rows) seal(connection, { run: run.number, metric: Number(metric), subject: Number(subject) });
  for (const series of run.series.values()) series.unsealed = undefined;
  return rows.length === sealedAtOnce;
}

interface StoredSeries {
  readonly run: number;
  readonly metric: number;
  readonly subject: number;
}

/** Makes chunks of the unsealed points of a series and of those that just arrived. */
export function seal(connection: SqliteConnection, { run, metric, subject }: StoredSeries, arrived?: PointColumns): void {
  const key = [run, metric, subject];
  const rows = connection.prepare('select points from metric_points where run = ? and metric = ? and subject = ?').all(...key);
  connection.prepare('delete from metric_points where run = ? and metric = ? and subject = ?').run(...key);
  const newest = connection
    .prepare(
      `select number, count, points from metric_chunks where run = ? and metric = ? and subject = ?
      order by first_step desc, first_time desc limit 1`,
    )
    .get(...key);
  const parts = rows.map((row) => decodePoints(bytesOf(row['points'])));
  if (arrived !== undefined) parts.push(arrived);
  if (newest !== undefined && Number(newest['count']) < smallChunk) {
    parts.push(decodePoints(bytesOf(newest['points'])));
    connection.prepare('delete from metric_chunks where number = ?').run(newest['number'] ?? null);
  }
  for (const part of chunked(mergePoints(parts))) insertChunk(connection, key, part);
}

const insertText = `insert into metric_chunks (run, metric, subject, ${chunkColumns.join(', ')})
  values (?, ?, ?, ${chunkColumns.map(() => '?').join(', ')})`;

function insertChunk(connection: SqliteConnection, key: readonly number[], part: PointColumns): void {
  const chunk = chunkOf(part);
  connection.prepare(insertText).run(...key, ...chunkColumns.map((column) => chunk[column]));
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError('points are not bytes');
}
