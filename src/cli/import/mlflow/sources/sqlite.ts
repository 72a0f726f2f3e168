import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ForeignSqlite, openForeignSqlite } from '#kernel/database/index.ts';
import { importErrors } from '../errors.ts';
import { createLocalFiles } from '../local-files.ts';
import { mostPoints, type Source, type SourceExperiment, type SourceLoggedModel, type SourceSeries } from '../source.ts';
import { modelState } from '../words.ts';
import { readModels } from './sqlite-models.ts';
import { labelsBy, numberOf, optional, type Row, textOf } from './sqlite-rows.ts';
import { readRuns } from './sqlite-runs.ts';
import { readTraces } from './sqlite-traces.ts';

/** The SQLite database of an MLflow server, with its files on the same disk. */
export function openSqliteSource(path: string, roots: readonly string[]): Source {
  const file = realpathSync(path);
  const database = openForeignSqlite(file);
  if (database.columns('experiments').length === 0 || database.columns('runs').length === 0) {
    database.close();
    throw importErrors['import-source-unknown']({ source: path, problem: 'this SQLite database has no tables of MLflow' });
  }
  const files = createLocalFiles({ home: dirname(file), roots });
  return {
    ...files,
    address: `sqlite:${file}`,
    label: `SQLite database ${file}`,
    experiments: () => experiments(database),
    runs: (experiment) => readRuns(database, experiment),
    series: (runs) =>
      series(
        database,
        runs.map(({ id }) => id),
      ),
    loggedModels: (experiment) => loggedModels(database, experiment),
    traces: (experiment) => readTraces(database, experiment),
    models: () => readModels(database),
    close: async () => database.close(),
  };
}

async function* experiments(database: ForeignSqlite): AsyncGenerator<SourceExperiment> {
  const known = database.columns('experiments');
  const order = known.includes('creation_time') ? 'creation_time, experiment_id' : 'experiment_id';
  for (const row of [...database.rows(`select * from experiments order by ${order}`)]) {
    const id = String(row['experiment_id']);
    const tags = labelsBy(database, { table: 'experiment_tags', owner: 'experiment_id' }, [id]);
    yield {
      id,
      name: textOf(row['name']),
      artifactLocation: textOf(row['artifact_location']),
      createdAt: numberOf(row['creation_time']) ?? 0,
      updatedAt: numberOf(row['last_update_time']) ?? numberOf(row['creation_time']) ?? 0,
      deleted: row['lifecycle_stage'] === 'deleted',
      tags: tags.get(id) ?? {},
    };
  }
}

/** Steps and times beyond what a double counts cannot be read as numbers, nor kept. */
const countable = 'abs(step) <= 9007199254740991 and abs(timestamp) <= 9007199254740991';

async function* series(database: ForeignSqlite, runs: readonly string[]): AsyncGenerator<SourceSeries> {
  yield* subjectSeries(database, runs);
  const marks = runs.map(() => '?').join(',');
  const text = `select run_uuid, key, step, timestamp, value, is_nan from metrics where run_uuid in (${marks}) and ${countable} order by run_uuid, key`;
  let part: SourceSeries | undefined;
  for (const row of database.rows(text, ...runs)) {
    const [run, name] = [textOf(row['run_uuid']), textOf(row['key'])];
    if (part !== undefined && (part.run !== run || part.name !== name || part.steps.length >= mostPoints)) {
      yield part;
      part = undefined;
    }
    part ??= { run, name, steps: [], times: [], values: [] };
    add(part, row);
  }
  if (part !== undefined) yield part;
}

function add(part: SourceSeries, row: Row): void {
  part.steps.push(numberOf(row['step']) ?? 0);
  part.times.push(numberOf(row['timestamp']) ?? 0);
  part.values.push(row['is_nan'] === 1 || row['value'] === null ? Number.NaN : Number(row['value']));
}

/** Points that measured a logged model, once more with what they measured. */
async function* subjectSeries(database: ForeignSqlite, runs: readonly string[]): AsyncGenerator<SourceSeries> {
  if (database.columns('logged_model_metrics').length === 0) return;
  const marks = runs.map(() => '?').join(',');
  const text = `select p.run_id, p.metric_name, p.model_id, p.metric_step as step, p.metric_timestamp_ms as timestamp, p.metric_value as value,
    p.dataset_name, p.dataset_digest, m.is_nan from logged_model_metrics p left join metrics m on m.run_uuid = p.run_id and m.key = p.metric_name
    and m.step = p.metric_step and m.timestamp = p.metric_timestamp_ms and m.is_nan = 1 where p.run_id in (${marks})
    order by p.run_id, p.metric_name, p.model_id, p.dataset_name, p.dataset_digest`;
  let part: SourceSeries | undefined;
  for (const row of database.rows(text, ...runs)) {
    const about = {
      run: textOf(row['run_id']),
      name: textOf(row['metric_name']),
      modelId: textOf(row['model_id']),
      datasetName: optional(row['dataset_name']),
      datasetDigest: optional(row['dataset_digest']),
    };
    if (part !== undefined && (part.steps.length >= mostPoints || !isSame(part, about))) {
      yield part;
      part = undefined;
    }
    part ??= { ...about, steps: [], times: [], values: [] };
    add(part, row);
  }
  if (part !== undefined) yield part;
}

function isSame(part: SourceSeries, about: Omit<SourceSeries, 'steps' | 'times' | 'values'>): boolean {
  const names = ['run', 'name', 'modelId', 'datasetName', 'datasetDigest'] as const;
  return names.every((name) => part[name] === about[name]);
}

async function* loggedModels(database: ForeignSqlite, experiment: string): AsyncGenerator<SourceLoggedModel> {
  if (database.columns('logged_models').length === 0) return;
  const rows = [
    ...database.rows('select * from logged_models where experiment_id = ? order by creation_timestamp_ms, model_id', Number(experiment)),
  ];
  for (const row of rows.filter((each) => each['lifecycle_stage'] !== 'deleted')) {
    const id = textOf(row['model_id']);
    const facts = (table: string, key: string, value: string) =>
      labelsBy(database, { table, owner: 'model_id', key, value }, [id]).get(id) ?? {};
    yield {
      id,
      experiment,
      name: textOf(row['name']),
      state: modelState(numberOf(row['status']) ?? 0),
      modelType: optional(row['model_type']),
      sourceRun: optional(row['source_run_id']),
      createdAt: numberOf(row['creation_timestamp_ms']) ?? 0,
      updatedAt: numberOf(row['last_updated_timestamp_ms']) ?? 0,
      artifactUri: textOf(row['artifact_location']),
      parameters: facts('logged_model_params', 'param_key', 'param_value'),
      tags: facts('logged_model_tags', 'tag_key', 'tag_value'),
    };
  }
}
