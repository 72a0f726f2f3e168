import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mostPoints, type SourceDataset, type SourceLoggedModel, type SourceMetric, type SourceRun, type SourceSeries } from '../source.ts';
import { modelState, runStatusNumbers } from '../words.ts';
import { experimentFolder, filesIn, foldersIn, labelsIn, type Meta, numberIn, optionalIn, readMeta, textIn } from './file-store-folders.ts';

/** Folders of an experiment beside those of its runs. */
export const notRuns: ReadonlySet<string> = new Set(['datasets', 'models', 'tags', 'traces', 'assessments', '.trash']);

/** The runs of an experiment. */
export async function* readRuns(store: string, experiment: string): AsyncGenerator<SourceRun> {
  const folder = experimentFolder(store, experiment);
  for (const id of await foldersIn(folder)) {
    if (notRuns.has(id)) continue;
    const at = join(folder, id);
    const meta = await readMeta(join(at, 'meta.yaml'));
    if (meta === undefined) continue;
    const tags = await labelsIn(join(at, 'tags'));
    yield {
      id,
      experiment,
      name: tags['mlflow.runName'] ?? textIn(meta, 'run_name'),
      status: runStatusNumbers[numberIn(meta, 'status') ?? 0] ?? 'RUNNING',
      startedAt: numberIn(meta, 'start_time') ?? 0,
      finishedAt: numberIn(meta, 'end_time'),
      deleted: textIn(meta, 'lifecycle_stage') === 'deleted',
      deletedAt: numberIn(meta, 'deleted_time'),
      user: textIn(meta, 'user_id'),
      artifactUri: textIn(meta, 'artifact_uri'),
      tags,
      parameters: await labelsIn(join(at, 'params')),
      metrics: await latestMetrics(at),
      datasets: await datasetsOf(folder, at),
      inputModels: (await metasIn(join(at, 'inputs'))).filter(isModel).map((each) => textIn(each, 'destination_id')),
      outputModels: (await metasIn(join(at, 'outputs'))).map((each) => ({
        model: textIn(each, 'destination_id'),
        step: numberIn(each, 'step') ?? 0,
      })),
    };
  }
}

const isModel = (meta: Meta) => textIn(meta, 'destination_type') === 'MODEL_INPUT';

async function metasIn(path: string): Promise<Meta[]> {
  const metas: Meta[] = [];
  for (const name of await foldersIn(path)) {
    const meta = await readMeta(join(path, name, 'meta.yaml'));
    if (meta !== undefined) metas.push(meta);
  }
  return metas;
}

async function datasetsOf(experiment: string, run: string): Promise<SourceDataset[]> {
  const found: SourceDataset[] = [];
  for (const input of await metasIn(join(run, 'inputs'))) {
    if (textIn(input, 'source_type') !== 'DATASET') continue;
    const dataset = await readMeta(join(experiment, 'datasets', textIn(input, 'source_id'), 'meta.yaml'));
    if (dataset === undefined) continue;
    const tags = input['tags'];
    found.push({
      name: textIn(dataset, 'name'),
      digest: textIn(dataset, 'digest'),
      sourceType: textIn(dataset, 'source_type'),
      source: textIn(dataset, 'source'),
      schema: optionalIn(dataset, 'schema'),
      profile: optionalIn(dataset, 'profile'),
      tags:
        typeof tags === 'object' && tags !== null
          ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]))
          : {},
    });
  }
  return found;
}

interface Line {
  readonly time: number;
  readonly value: number;
  readonly step: number;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
  readonly modelId: string | undefined;
}

/** `time value [step [dataset digest] [run or model]]`, as the clients wrote it over the years. */
function lineOf(text: string): Line | undefined {
  const [time, value, step, ...more] = text.trim().split(' ');
  if (time === undefined || value === undefined || time === '') return undefined;
  const about = more.length >= 2 ? { datasetName: more[0], datasetDigest: more[1] } : { datasetName: undefined, datasetDigest: undefined };
  return { time: Math.trunc(Number(time)), value: floatOf(value), step: Number(step ?? 0), ...about, modelId: undefined };
}

/** As Python spells floats. */
function floatOf(text: string): number {
  const word = text.toLowerCase();
  if (word.endsWith('inf') || word.endsWith('infinity')) return word.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    const line = lineOf(text);
    if (line !== undefined && Number.isFinite(line.time) && Number.isSafeInteger(line.step)) yield line;
  }
}

async function latestMetrics(run: string): Promise<SourceMetric[]> {
  const found: SourceMetric[] = [];
  for (const name of await filesIn(join(run, 'metrics'))) {
    let last: Line | undefined;
    for await (const line of linesOf(join(run, 'metrics', name))) if (last === undefined || isLater(line, last)) last = line;
    if (last !== undefined) found.push({ name, value: last.value, time: last.time, step: last.step });
  }
  return found;
}

function isLater(line: Line, than: Line): boolean {
  return (line.step - than.step || line.time - than.time || line.value - than.value) > 0;
}

/** All histories. A point that was written twice counts once, as it does in MLflow's databases. */
export async function* readSeries(store: string, runs: readonly SourceRun[]): AsyncGenerator<SourceSeries> {
  for (const { id: run, experiment } of runs) {
    const folder = join(experimentFolder(store, experiment), run, 'metrics');
    for (const name of await filesIn(folder)) yield* seriesOf(join(folder, name), { run, name });
  }
}

async function* seriesOf(path: string, of: { run: string; name: string }): AsyncGenerator<SourceSeries> {
  let part: SourceSeries = { ...of, steps: [], times: [], values: [] };
  const seen = new Set<string>();
  for await (const { step, time, value } of linesOf(path)) {
    const key = `${step} ${time} ${value}`;
    if (seen.has(key)) continue;
    seen.add(key);
    part.steps.push(step);
    part.times.push(time);
    part.values.push(value);
    if (part.steps.length < mostPoints) continue;
    yield part;
    part = { ...of, steps: [], times: [], values: [] };
  }
  if (part.steps.length > 0) yield part;
}

/** Logged models, which clients since version 3 write. */
export async function* readLoggedModels(store: string, experiment: string): AsyncGenerator<SourceLoggedModel> {
  const folder = join(experimentFolder(store, experiment), 'models');
  for (const id of await foldersIn(folder)) {
    const at = join(folder, id);
    const meta = await readMeta(join(at, 'meta.yaml'));
    if (meta === undefined || !id.startsWith('m-') || textIn(meta, 'lifecycle_stage') === 'deleted') continue;
    const status = meta['status'];
    yield {
      id,
      experiment,
      name: textIn(meta, 'name'),
      state: modelState(typeof status === 'number' ? status : textIn(meta, 'status')),
      modelType: optionalIn(meta, 'model_type'),
      sourceRun: optionalIn(meta, 'source_run_id'),
      createdAt: numberIn(meta, 'creation_timestamp') ?? 0,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? 0,
      artifactUri: textIn(meta, 'artifact_location'),
      parameters: await labelsIn(join(at, 'params')),
      tags: await labelsIn(join(at, 'tags')),
    };
  }
}
