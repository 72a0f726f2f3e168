import type { ForeignSqlite } from '#kernel/database/index.ts';
import { mostPoints, type SourceRun, type SourceSeries } from '../source.ts';
import { numberOf, optional, type Row, textOf } from './sqlite-rows.ts';

/** Steps and times beyond what a double counts cannot be read as numbers, nor kept. */
const countable = 'abs(step) <= 9007199254740991 and abs(timestamp) <= 9007199254740991';
const pointsOfRun = `select rowid as row, key, step, timestamp, value, is_nan from metrics where run_uuid = ? and rowid > ? and ${countable}
  order by rowid limit ?`;
/** This table of MLflow has a 0 for NaN. */
const pointsOfModels = `select p.rowid as row, p.metric_name, p.model_id, p.metric_step as step, p.metric_timestamp_ms as timestamp,
  p.metric_value as value, p.dataset_name, p.dataset_digest,
  (select max(m.is_nan) from metrics m where m.run_uuid = p.run_id and m.key = p.metric_name and m.step = p.metric_step
    and m.timestamp = p.metric_timestamp_ms) as is_nan from logged_model_metrics p where p.run_id = ? and p.rowid > ?
  order by p.rowid limit ?`;

/**
 * All histories of some runs, page by page: a statement that stayed open while its rows are sent would keep the server that owns the
 * database from writing.
 */
export async function* readSeries(database: ForeignSqlite, runs: readonly SourceRun[]): AsyncGenerator<SourceSeries> {
  const hasModels = database.columns('logged_model_metrics').length > 0;
  for (const { id: run } of runs) {
    yield* inPages(database, pointsOfRun, run, (row) => ({ run, name: textOf(row['key']) }));
    if (!hasModels) continue;
    yield* inPages(database, pointsOfModels, run, (row) => ({
      run,
      name: textOf(row['metric_name']),
      modelId: textOf(row['model_id']),
      datasetName: optional(row['dataset_name']),
      datasetDigest: optional(row['dataset_digest']),
    }));
  }
}

type Subject = Omit<SourceSeries, 'steps' | 'times' | 'values'>;

// oxlint-disable-next-line max-params -- one statement with its values and the meaning of its rows
function* inPages(database: ForeignSqlite, statement: string, run: string, subjectOf: (row: Row) => Subject): Generator<SourceSeries> {
  for (let after = -1; ;) {
    const rows = [...database.rows(statement, run, after, mostPoints)];
    const parts = new Map<string, SourceSeries>();
    for (const row of rows) {
      const subject = subjectOf(row);
      const key = JSON.stringify([subject.name, subject.modelId, subject.datasetName, subject.datasetDigest]);
      const part = parts.get(key) ?? { ...subject, steps: [], times: [], values: [] };
      parts.set(key, part);
      part.steps.push(numberOf(row['step']) ?? 0);
      part.times.push(numberOf(row['timestamp']) ?? 0);
      part.values.push(row['is_nan'] === 1 || row['value'] === null ? Number.NaN : Number(row['value']));
    }
    yield* parts.values();
    if (rows.length < mostPoints) return;
    after = numberOf(rows.at(-1)?.['row']) ?? after;
  }
}
