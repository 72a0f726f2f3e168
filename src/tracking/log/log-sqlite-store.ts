import type { SqliteConnection } from '#kernel/database/index.ts';
import type { RipenError } from '#kernel/errors.ts';
import { empty, type LogEntry, type LoggedRun, type Series, spread } from './log-entry.ts';
import { seal } from './log-seal-sqlite-store.ts';
import {
  arrivedPoints,
  lastPoint,
  newestPoint,
  type Outcomes,
  parameterChanged,
  type Point,
  problemOfRun,
  sealAt,
  storedValue,
} from './log-rows.ts';
import { packPoint, packPoints } from '../metrics/metric-codec.ts';
import { numberOf } from '../names.ts';
import { sortKey } from '../store.ts';
import type { Subject } from '../metrics/subject-store.ts';

/** Writes a group of entries. One that cannot be written has its error; nothing of it stays, and the others do. */
export function writeOnSqlite(connection: SqliteConnection, entries: readonly LogEntry[]): Outcomes {
  const touched: Series[] = [];
  const problems = new Map<LoggedRun, RipenError | undefined>();
  try {
    const outcomes = entries.map((entry) => {
      const problem = checkRun(connection, entry.run, problems) ?? writeFacts(connection, entry);
      if (problem === undefined) spread(entry, touched);
      return problem;
    });
    for (const series of touched) writeSeries(connection, series);
    return outcomes;
  } catch (error) {
    for (const series of touched) series.unsealed = undefined;
    throw error;
  } finally {
    empty(touched);
  }
}

function checkRun(connection: SqliteConnection, run: LoggedRun, problems: Map<LoggedRun, RipenError | undefined>): RipenError | undefined {
  if (problems.has(run)) return problems.get(run);
  // The id too: a number could be given again once its run is gone.
  const row = connection.prepare('select deleted_at from runs where number = ? and id = ?').get(run.number, run.id);
  const problem = problemOfRun(run, row);
  problems.set(run, problem);
  return problem;
}

function writeFacts(connection: SqliteConnection, { run, batch }: LogEntry): RipenError | undefined {
  if (batch === undefined) return undefined;
  const fresh: (typeof batch.parameters)[number][] = [];
  for (const parameter of batch.parameters) {
    const select = connection.prepare('select value from run_parameters where run = ? and parameter = ?');
    const kept = select.get(run.number, parameter.number)?.['value'];
    if (kept === undefined) fresh.push(parameter);
    else if (kept !== parameter.value) {
      return parameterChanged(run.id, parameter.name, { kept: String(kept), attempted: parameter.value });
    }
  }
  for (const { number, value } of fresh) {
    connection
      .prepare('insert into run_parameters (run, parameter, value, sort_key, number) values (?, ?, ?, ?, ?)')
      .run(run.number, number, value, sortKey(value), numberOf(value) ?? null);
  }
  for (const { number, value } of batch.tags) {
    connection
      .prepare(
        `insert into run_tags (run, tag, value, sort_key) values (?, ?, ?, ?)
        on conflict (run, tag) do update set value = excluded.value, sort_key = excluded.sort_key`,
      )
      .run(run.number, number, value, sortKey(value));
  }
  for (const tag of batch.removedTags) connection.prepare('delete from run_tags where run = ? and tag = ?').run(run.number, tag);
  return undefined;
}

function writeSeries(connection: SqliteConnection, series: Series): void {
  const unsealed = series.unsealed ?? lookUp(connection, series);
  if (series.steps.length === 1 && unsealed + 1 < sealAt) {
    const point = { step: series.steps[0] ?? 0, time: series.times[0] ?? 0, value: series.values[0] ?? 0 };
    insertRow(connection, series, { count: 1, bytes: packPoint(point) });
    series.unsealed = unsealed + 1;
    writeLatest(connection, series, { last: point, newest: point });
    return;
  }
  const points = arrivedPoints(series);
  const count = points.steps.length;
  const isLong = unsealed + count >= sealAt;
  if (isLong) seal(connection, { run: series.run, metric: series.metric, subject: series.subject.number }, points);
  else insertRow(connection, series, { count, bytes: packPoints(points) });
  series.unsealed = isLong ? 0 : unsealed + count;
  writeLatest(connection, series, { last: lastPoint(points), newest: series.subject.model === '' ? undefined : newestPoint(points) });
}

function lookUp(connection: SqliteConnection, series: Series): number {
  const row = connection
    .prepare('select coalesce(sum(count), 0) as points from metric_points where run = ? and metric = ? and subject = ?')
    .get(series.run, series.metric, series.subject.number);
  return Number(row?.['points'] ?? 0);
}

function insertRow(connection: SqliteConnection, series: Series, row: { readonly count: number; readonly bytes: Uint8Array }): void {
  connection.prepare(insertPoints).run(series.run, series.metric, series.subject.number, row.count, row.bytes);
}

const insertPoints = `insert into metric_points (run, metric, subject, number, count, points) values (?1, ?2, ?3,
  coalesce((select max(number) from metric_points where run = ?1 and metric = ?2 and subject = ?3), 0) + 1, ?4, ?5)`;

function writeLatest(
  connection: SqliteConnection,
  { run, metric, subject }: Series,
  points: { readonly last: Point; readonly newest: Point | undefined },
): void {
  const { step, time, value } = points.last;
  connection.prepare(upsertLatest).run(run, metric, step, time, storedValue(value), subject.number);
  if (subject.model !== '' && points.newest !== undefined) writeModelMetric(connection, { run, metric, subject }, points.newest);
}

const upsertLatest = `insert into metric_latest (run, metric, step, time, value, subject) values (?, ?, ?, ?, ?, ?)
  on conflict (run, metric) do update set step = excluded.step, time = excluded.time, value = excluded.value, subject = excluded.subject
  where (excluded.step, excluded.time) > (metric_latest.step, metric_latest.time)
    or (excluded.step, excluded.time) = (metric_latest.step, metric_latest.time)
      and (excluded.value > metric_latest.value or excluded.value is not null and metric_latest.value is null)`;

function writeModelMetric(
  connection: SqliteConnection,
  { run, metric, subject }: { run: number; metric: number; subject: Subject },
  { step, time, value }: Point,
): void {
  connection
    .prepare(
      `insert into model_metrics (model, metric, dataset_name, dataset_digest, run, step, time, value) values (?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (model, metric, dataset_name, dataset_digest)
      do update set run = excluded.run, step = excluded.step, time = excluded.time, value = excluded.value
      where (excluded.time, excluded.step) > (model_metrics.time, model_metrics.step)
        or (excluded.time, excluded.step) = (model_metrics.time, model_metrics.step)
          and (excluded.value > model_metrics.value or excluded.value is not null and model_metrics.value is null)`,
    )
    .run(subject.model, metric, subject.datasetName, subject.datasetDigest, run, step, time, storedValue(value));
}
