import type { TrackingCommands } from '../commands.ts';
import { defaultExperiment } from '../experiments/experiments.ts';
import type { Experiment } from '../model.ts';
import { experimentMessage } from './experiment-message.ts';
import { checkKey, experimentNumber, missingValue, tooLong } from './key-rules.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

const tagField = field.message({ key: field.text().required(), value: field.text() });
const longestName = 500;
const longestTagValue = 20_000;

export function experimentRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [...findRoutes(tracking), ...createRoutes(tracking), ...markRoutes(tracking), ...tagRoutes(tracking)];
}

function findRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/experiments/get',
      action: 'runs:read',
      summary: 'One experiment by its number, deleted or not',
      request: { experiment_id: field.text().required() },
      handle: async ({ experiment_id: id }, { project }) => ({
        experiment: experimentMessage(await tracking.experiment(project, { sequence: experimentNumber(id) })),
      }),
    }),
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/experiments/get-by-name',
      action: 'runs:read',
      summary: 'One experiment by its name, deleted or not',
      request: { experiment_name: field.text().required() },
      handle: async ({ experiment_name: name }, { project }) => ({
        experiment: experimentMessage(await experimentByName(tracking, project, name)),
      }),
    }),
  ];
}

async function experimentByName(tracking: TrackingCommands, project: string, name: string): Promise<Experiment> {
  try {
    return await tracking.experiment(project, { name });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'tracking.experiment-not-found')) throw cause;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`, { cause });
  }
}

function createRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/experiments/create',
      action: 'runs:write',
      summary: 'Creates an experiment',
      request: { name: field.text().required(), artifact_location: field.text(), tags: field.list(tagField) },
      async handle({ name, artifact_location: location, tags = [] }, { project, context }) {
        // It is always there, though nobody may have looked yet.
        if (name === defaultExperiment) await tracking.experiment(project, { sequence: 0 });
        const checked = tags.map(({ key, value = '' }) => [checkKey(key, 'key'), checkTagValue(value)] as const);
        const { sequence } = await tracking.createExperiment(context, {
          project,
          name: checkName(name, 'name'),
          tags: Object.fromEntries(checked),
          artifactLocation: location === '' ? undefined : location,
        });
        return { experiment_id: String(sequence) };
      },
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/experiments/update',
      action: 'runs:write',
      summary: 'Renames an experiment',
      request: { experiment_id: field.text().required(), new_name: field.text().required() },
      async handle({ experiment_id: id, new_name: name }, { project, context }) {
        await tracking.editExperiment(context, { project, sequence: experimentNumber(id) }, { name: checkName(name, 'new_name') });
        return {};
      },
    }),
  ];
}

function markRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return (['delete', 'restore'] as const).map((verb) =>
    mlflowRoute({
      method: 'post',
      path: `2.0/mlflow/experiments/${verb}`,
      action: 'runs:write',
      summary: verb === 'delete' ? 'Deletes an experiment with its runs' : 'Restores an experiment with the runs deleted with it',
      request: { experiment_id: field.text().required() },
      async handle({ experiment_id: id }, { project, context }) {
        const address = { project, sequence: experimentNumber(id) };
        const { deletedAt } = await tracking.experiment(project, address);
        if ((deletedAt !== undefined) === (verb === 'delete'))
          throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${address.sequence} exists`);
        await (verb === 'delete' ? tracking.deleteExperiment : tracking.restoreExperiment)(context, address);
        return {};
      },
    }),
  );
}

function tagRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/experiments/set-experiment-tag',
      action: 'runs:write',
      summary: 'Sets a tag of an experiment',
      request: { experiment_id: field.text().required(), key: field.text().required(), value: field.text() },
      async handle({ experiment_id: id, key, value = '' }, { project, context }) {
        const tags = { [checkKey(key, 'key')]: checkTagValue(value) };
        await tracking.editExperiment(context, { project, sequence: experimentNumber(id) }, { tags });
        return {};
      },
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/experiments/delete-experiment-tag',
      action: 'runs:write',
      summary: 'Takes a tag of an experiment away',
      request: { experiment_id: field.text().required(), key: field.text().required() },
      async handle({ experiment_id: id, key }, { project, context }) {
        const address = { project, sequence: experimentNumber(id) };
        const { tags, deletedAt } = await tracking.experiment(project, address);
        if (deletedAt === undefined && !Object.hasOwn(tags, key))
          throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in experiment with id ${address.sequence}`);
        await tracking.editExperiment(context, address, { tags: { [key]: undefined } });
        return {};
      },
    }),
  ];
}

function checkName(name: string, path: string): string {
  if (name === '') throw missingValue(path);
  if (name.length > longestName) throw tooLong('name', longestName);
  return name;
}

function checkTagValue(value: string): string {
  if (value.length > longestTagValue) throw tooLong('value', longestTagValue);
  return value;
}
