import type { TrackingCommands } from '../commands.ts';
import { datasetInputField, inputOfDataset } from './dataset-message.ts';
import { checkRunId, experimentNumber } from './key-rules.ts';
import { isRecord } from './protocol/field.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

const loggedModelsTag = 'mlflow.log-model.history';
const mostExperiments = 20;
const mostDatasets = 1000;

/** What runs read and made: datasets and models. */
export function inputRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [inputsRoute(tracking), outputsRoute(tracking), logModelRoute(tracking), datasetsRoute(tracking)];
}

function inputsRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/log-inputs',
    action: 'runs:write',
    summary: 'Adds datasets and logged models that a run reads',
    request: {
      run_id: field.text().required(),
      datasets: field.list(datasetInputField),
      models: field.list(field.message({ model_id: field.text().required() })),
    },
    aliases: { run_uuid: 'run_id' },
    async handle({ run_id: id, datasets = [], models = [] }, { project }) {
      const run = checkRunId(id);
      const inputModels = models.map(({ model_id: model }) => ({ model }));
      await tracking.linkRun({ project, run }, { inputs: datasets.map(inputOfDataset), inputModels });
      return {};
    },
  });
}

function outputsRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/outputs',
    action: 'runs:write',
    summary: 'Adds logged models that a run made',
    request: {
      run_id: field.text().required(),
      models: field.list(field.message({ model_id: field.text().required(), step: field.whole() })).required(),
    },
    aliases: { run_uuid: 'run_id' },
    async handle({ run_id: run, models }, { project }) {
      const outputModels = models.map(({ model_id: model, step = 0 }) => ({ model, step }));
      await tracking.linkRun({ project, run }, { outputModels });
      return {};
    },
  });
}

function logModelRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/log-model',
    action: 'runs:write',
    summary: 'Notes a model that a run logged, as clients before 3.0 do',
    request: { run_id: field.text().required(), model_json: field.text().required() },
    aliases: { run_uuid: 'run_id' },
    async handle({ run_id: run, model_json: text }, { project }) {
      const note = noteOfModel(text);
      await tracking.reviseTag({ project, run }, loggedModelsTag, (value) => appendNote(value, note));
      return {};
    },
  });
}

const noted = ['run_id', 'artifact_path', 'utc_time_created', 'model_uuid'] as const;

/** What is kept of a model: the parts that clients look for. @throws MlflowError INVALID_PARAMETER_VALUE */
function noteOfModel(text: string): Readonly<Record<string, unknown>> {
  const model = parse(text);
  if (!isRecord(model))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Malformed model info. \n ${text.slice(0, 1000)} \n is not a valid JSON.`);
  const missing = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'].filter((name) => !Object.hasOwn(model, name));
  if (missing.length > 0) {
    const shown = missing.map((name) => `'${name}'`).join(', ');
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Model json is missing mandatory fields: {${shown}}`);
  }
  const { flavors } = model;
  // The settings of a flavor may be long and are in the model's own files.
  const short = Object.entries(isRecord(flavors) ? flavors : {}).map(([name, flavor]) => [
    name,
    isRecord(flavor) ? without(flavor, 'config') : flavor,
  ]);
  return {
    ...Object.fromEntries(noted.flatMap((name) => (Object.hasOwn(model, name) ? [[name, model[name]]] : []))),
    flavors: Object.fromEntries(short),
  };
}

function without(record: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** A request that is sent again adds nothing. */
function appendNote(value: string | undefined, note: Readonly<Record<string, unknown>>): string {
  const kept = value === undefined ? [] : parse(value);
  const notes: readonly unknown[] = Array.isArray(kept) ? kept : [];
  const text = JSON.stringify(note);
  return notes.some((each) => JSON.stringify(each) === text) && value !== undefined ? value : JSON.stringify([...notes, note]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function datasetsRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/experiments/search-datasets',
    action: 'runs:read',
    summary: 'Datasets that runs of some experiments read',
    request: { experiment_ids: field.list(field.text()) },
    async handle({ experiment_ids: ids = [] }, { project }) {
      if (ids.length === 0)
        throw new MlflowError('INVALID_PARAMETER_VALUE', 'SearchDatasets request must specify at least one experiment_id.');
      if (ids.length > mostExperiments)
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          `SearchDatasets request cannot specify more than ${mostExperiments} experiment_ids. Received ${ids.length} experiment_ids.`,
        );
      const found = await tracking.datasetsOf(project, { experiments: ids.map(experimentNumber), limit: mostDatasets });
      return {
        dataset_summaries: found.map(({ experiment, dataset, digest, context }) => ({
          experiment_id: String(experiment),
          name: dataset,
          digest,
          context,
        })),
      };
    },
  });
}
