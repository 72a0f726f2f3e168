import type { ForeignSqlite } from '#kernel/database/index.ts';
import type { SourceDataset, SourceMetric, SourceRun } from '../source.ts';
import { labelsBy, numberOf, optional, type Row, rowsAtOnce, textOf } from './sqlite-rows.ts';

/** Runs of an experiment in pages by their ids, so that no statement stays open while they are sent. */
export async function* readRuns(database: ForeignSqlite, experiment: string): AsyncGenerator<SourceRun> {
  const text = 'select * from runs where experiment_id = ? and run_uuid > ? order by run_uuid limit ?';
  for (let after = ''; ;) {
    const rows = [...database.rows(text, Number(experiment), after, rowsAtOnce)];
    yield* assemble(database, experiment, rows);
    if (rows.length < rowsAtOnce) return;
    after = textOf(rows.at(-1)?.['run_uuid']);
  }
}

function* assemble(database: ForeignSqlite, experiment: string, rows: readonly Row[]): Generator<SourceRun> {
  const ids = rows.map((row) => textOf(row['run_uuid']));
  if (ids.length === 0) return;
  const tags = labelsBy(database, { table: 'tags', owner: 'run_uuid' }, ids);
  const parameters = labelsBy(database, { table: 'params', owner: 'run_uuid' }, ids);
  const metrics = latestMetrics(database, ids);
  const links = linksOf(database, ids);
  for (const row of rows) {
    const id = textOf(row['run_uuid']);
    const own = tags.get(id) ?? {};
    yield {
      id,
      experiment,
      name: own['mlflow.runName'] ?? textOf(row['name']),
      status: textOf(row['status']),
      startedAt: numberOf(row['start_time']) ?? 0,
      finishedAt: numberOf(row['end_time']),
      deleted: row['lifecycle_stage'] === 'deleted',
      deletedAt: numberOf(row['deleted_time']),
      user: textOf(row['user_id']),
      artifactUri: textOf(row['artifact_uri']),
      tags: own,
      parameters: parameters.get(id) ?? {},
      metrics: metrics.get(id) ?? [],
      datasets: links.datasets.get(id) ?? [],
      inputModels: links.inputs.get(id) ?? [],
      outputModels: links.outputs.get(id) ?? [],
    };
  }
}

function latestMetrics(database: ForeignSqlite, runs: readonly string[]): ReadonlyMap<string, SourceMetric[]> {
  const found = new Map<string, SourceMetric[]>();
  if (database.columns('latest_metrics').length === 0) return found;
  const text = `select run_uuid, key, value, is_nan, cast(timestamp as real) as time, cast(step as real) as step from latest_metrics
    where run_uuid in (${runs.map(() => '?').join(',')}) order by run_uuid, key`;
  for (const row of database.rows(text, ...runs)) {
    const value = row['is_nan'] === 1 ? Number.NaN : Number(row['value']);
    push(found, textOf(row['run_uuid']), { name: textOf(row['key']), value, time: Number(row['time']), step: Number(row['step']) });
  }
  return found;
}

interface Links {
  readonly datasets: ReadonlyMap<string, SourceDataset[]>;
  readonly inputs: ReadonlyMap<string, string[]>;
  readonly outputs: ReadonlyMap<string, { model: string; step: number }[]>;
}

/** What runs read and made: datasets and logged models. */
function linksOf(database: ForeignSqlite, runs: readonly string[]): Links {
  const datasets = new Map<string, SourceDataset[]>();
  const inputs = new Map<string, string[]>();
  const outputs = new Map<string, { model: string; step: number }[]>();
  const columns = database.columns('inputs');
  if (columns.length === 0) return { datasets, inputs, outputs };
  const marks = runs.map(() => '?').join(',');
  const select = columns.includes('step') ? 'i.*' : 'i.*, 0 as step';
  // A dataset is the source of an input whose destination is the run, and a model it made is the destination of one whose source it is.
  const text = `select ${select}, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile
    from inputs i left join datasets d on i.source_type = 'DATASET' and d.dataset_uuid = i.source_id
    where i.destination_id in (${marks}) or i.source_id in (${marks})`;
  const rows = [...database.rows(text, ...runs, ...runs)];
  const tags = labelsBy(
    database,
    { table: 'input_tags', owner: 'input_uuid', key: 'name' },
    rows.map((row) => textOf(row['input_uuid'])),
  );
  for (const row of rows) {
    const [from, to] = [textOf(row['source_type']), textOf(row['destination_type'])];
    const destination = textOf(row['destination_id']);
    if (from === 'DATASET' && to === 'RUN') push(datasets, destination, datasetOf(row, tags.get(textOf(row['input_uuid'])) ?? {}));
    else if (to === 'MODEL_OUTPUT' || from === 'RUN_OUTPUT')
      push(outputs, textOf(row['source_id']), { model: destination, step: numberOf(row['step']) ?? 0 });
    else if (to === 'MODEL_INPUT' || from === 'RUN_INPUT') push(inputs, textOf(row['source_id']), destination);
  }
  return { datasets, inputs, outputs };
}

function datasetOf(row: Row, tags: Readonly<Record<string, string>>): SourceDataset {
  return {
    name: textOf(row['name']),
    digest: textOf(row['digest']),
    sourceType: textOf(row['dataset_source_type']),
    source: textOf(row['dataset_source']),
    schema: optional(row['dataset_schema']),
    profile: optional(row['dataset_profile']),
    tags,
  };
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
