import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ForeignSqlite, openForeignSqlite } from '#kernel/database/index.ts';
import { importErrors } from '../errors.ts';
import { createLocalFiles } from '../local-files.ts';
import type { Source, SourceExperiment, SourceLoggedModel, SourceTotals } from '../source.ts';
import { modelState } from '../words.ts';
import { readModels } from './sqlite-models.ts';
import { labelsBy, numberOf, optional, textOf } from './sqlite-rows.ts';
import { readRuns } from './sqlite-runs.ts';
import { readSeries } from './sqlite-series.ts';
import { readTraces } from './sqlite-traces.ts';

/** The SQLite database of an MLflow server, with its files on the same disk. */
export function openSqliteSource(path: string, roots: readonly string[]): Source {
  const file = realpathSync(path);
  const database = open(path, file);
  if (database.columns('experiments').length === 0 || database.columns('runs').length === 0) {
    database.close();
    throw importErrors['import-source-unknown']({ source: path, problem: 'this SQLite database has no tables of MLflow' });
  }
  const files = createLocalFiles({ home: dirname(file), roots });
  return {
    ...files,
    address: `sqlite:${file}`,
    label: `SQLite database ${file}`,
    totals: async () => totals(database),
    experiments: () => experiments(database),
    runs: (experiment) => readRuns(database, experiment),
    series: (runs) => readSeries(database, runs),
    loggedModels: (experiment) => loggedModels(database, experiment),
    traces: (experiment) => readTraces(database, experiment),
    models: () => readModels(database),
    close: async () => database.close(),
  };
}

function open(named: string, file: string): ForeignSqlite {
  try {
    return openForeignSqlite(file);
  } catch (cause) {
    const problem = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : 'it cannot be read';
    throw importErrors['import-source-unknown']({ source: named, problem }, cause);
  }
}

function totals(database: ForeignSqlite): SourceTotals {
  const tables = { runs: 'runs', loggedModels: 'logged_models', traces: 'trace_info', models: 'registered_models' } as const;
  const counts = Object.entries(tables).map(([kind, table]) => {
    const [row] = database.columns(table).length === 0 ? [] : [...database.rows(`select count(*) as count from ${table}`)];
    return [kind, numberOf(row?.['count']) ?? 0] as const;
  });
  return Object.fromEntries(counts);
}

async function* experiments(database: ForeignSqlite): AsyncGenerator<SourceExperiment> {
  const known = database.columns('experiments');
  const order = known.includes('creation_time') ? 'creation_time, experiment_id' : 'experiment_id';
  const rows = [...database.rows(`select * from experiments order by ${order}`)];
  for (const row of rows) {
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
