import { RipenError } from '#kernel/errors.ts';
import type { TrackingCommands } from '../commands.ts';
import { listEntries, pathInFolder, replyWithFile } from './artifact-replies.ts';
import { experimentNumber } from './key-rules.ts';
import { loggedModelMessage, modelArtifactUri } from './logged-model-message.ts';
import { loggedModelSearchRoute } from './logged-model-search-route.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

const path = '2.0/mlflow/logged-models';
const keyAndValue = field.list(field.message({ key: field.text().required(), value: field.text() }));
const ofModel = { model_id: field.text().required() };

const statuses = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 0,
  LOGGED_MODEL_PENDING: 1,
  LOGGED_MODEL_READY: 2,
  LOGGED_MODEL_UPLOAD_FAILED: 3,
  PENDING: 1,
  READY: 2,
  UPLOAD_FAILED: 3,
} as const;

const states: Readonly<Record<number, 'ready' | 'upload-failed'>> = { 2: 'ready', 3: 'upload-failed' };
const pageLimit = 50_000;

export function loggedModelRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [...lifeRoutes(tracking), ...factRoutes(tracking), ...fileRoutes(tracking), loggedModelSearchRoute(tracking)];
}

function lifeRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path,
      action: 'runs:write',
      summary: 'Announces a model whose files come next',
      request: {
        experiment_id: field.text().required(),
        name: field.text(),
        model_type: field.text(),
        source_run_id: field.text(),
        params: keyAndValue,
        tags: keyAndValue,
      },
      async handle(input, { project, context }) {
        const model = await tracking.createLoggedModel(context, {
          project,
          experiment: { sequence: experimentNumber(input.experiment_id) },
          name: input.name === '' ? undefined : input.name,
          modelType: input.model_type,
          sourceRun: input.source_run_id,
          parameters: recordOf(input.params),
          tags: recordOf(input.tags),
        });
        return { model: loggedModelMessage(model) };
      },
    }),
    mlflowRoute({
      method: 'get',
      path: `${path}/{model_id}`,
      action: 'runs:read',
      summary: 'A logged model',
      request: { ...ofModel, allow_deleted: field.flag() },
      handle: ({ model_id, allow_deleted: deleted = false }, { project }) =>
        inTheirWords(model_id, async () => ({ model: loggedModelMessage(await tracking.loggedModel(project, model_id, { deleted })) })),
    }),
    mlflowRoute({
      method: 'patch',
      path: `${path}/{model_id}`,
      action: 'runs:write',
      summary: 'Says that the files of a model are there, or will not come',
      request: { ...ofModel, status: field.choice(statuses).required() },
      handle: ({ model_id, status }, { project, context }) =>
        inTheirWords(model_id, async () => {
          const state = states[status === undefined ? 0 : statuses[status]];
          if (state === undefined)
            throw new MlflowError('INVALID_PARAMETER_VALUE', "Invalid value for parameter 'status' supplied: use READY or UPLOAD_FAILED.");
          return { model: loggedModelMessage(await tracking.editLoggedModel(context, { project, model: model_id, state })) };
        }),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${path}/{model_id}`,
      action: 'runs:write',
      summary: 'Deletes a model; it can be restored',
      request: ofModel,
      handle: ({ model_id }, { project, context }) =>
        inTheirWords(model_id, async () => {
          await tracking.loggedModel(project, model_id);
          await tracking.deleteLoggedModel(context, project, model_id);
          return {};
        }),
    }),
  ];
}

function factRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: `${path}/{model_id}/params`,
      action: 'runs:write',
      summary: 'Adds parameters to a model',
      request: { ...ofModel, params: keyAndValue },
      handle: ({ model_id: model, params }, { project, context }) =>
        inTheirWords(model, async () => {
          await tracking.editLoggedModel(context, { project, model, parameters: recordOf(params) });
          return {};
        }),
    }),
    mlflowRoute({
      method: 'patch',
      path: `${path}/{model_id}/tags`,
      action: 'runs:write',
      summary: 'Sets tags of a model',
      request: { ...ofModel, tags: keyAndValue },
      handle: ({ model_id: model, tags }, { project, context }) =>
        inTheirWords(model, async () => ({
          model: loggedModelMessage(await tracking.tagLoggedModel(context, { project, model, tags: recordOf(tags) })),
        })),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${path}/{model_id}/tags/{tag_key*}`,
      action: 'runs:write',
      summary: 'Removes a tag of a model',
      request: { ...ofModel, tag_key: field.text().required() },
      handle: ({ model_id: model, tag_key: tag }, { project, context }) =>
        inTheirWords(model, async () => {
          await tracking.removeLoggedModelTag(context, { project, model }, tag);
          return {};
        }),
    }),
  ];
}

function fileRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: `${path}/{model_id}/artifacts/directories`,
      action: 'runs:read',
      summary: 'What lies directly in a folder of a model’s files',
      request: { ...ofModel, artifact_directory_path: field.text(), page_token: field.text() },
      handle: ({ model_id, artifact_directory_path: directory = '', page_token: after }, { project }) =>
        inTheirWords(model_id, async () => {
          const model = await tracking.loggedModel(project, model_id);
          const folder = pathInFolder(directory);
          const holder = { kind: 'logged-model', project, model: model_id } as const;
          const page = await tracking.fileFolder(holder, { folder, after, limit: pageLimit });
          return { root_uri: modelArtifactUri(model), files: listEntries(page.items, folder), next_page_token: page.next };
        }),
    }),
    mlflowRoute({
      method: 'get',
      path: `${path}/{model_id}/artifacts/files`,
      action: 'runs:read',
      summary: 'A file of a model, to be saved',
      request: { ...ofModel, artifact_file_path: field.text().required() },
      handle: ({ model_id, artifact_file_path: file }, call) =>
        inTheirWords(model_id, () => {
          const holder = { kind: 'logged-model', project: call.project, model: model_id } as const;
          return replyWithFile(tracking, call, { holder, name: pathInFolder(file) });
        }),
    }),
  ];
}

function recordOf(pairs: readonly { readonly key: string; readonly value: string | undefined }[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value = '' }) => [key, value]));
}

/** Some clients compare the words that MLflow has for what is not there. */
async function inTheirWords<Result>(model: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RipenError)) throw error;
    if (error.code === 'tracking.logged-model-not-found')
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${model}' not found.`, { cause: error });
    if (error.code === 'tracking.logged-model-tag-not-found') {
      const tag = error.details?.['tag'];
      throw new MlflowError(
        'RESOURCE_DOES_NOT_EXIST',
        `No tag with key '${typeof tag === 'string' ? tag : ''}' found for model with ID '${model}'.`,
        { cause: error },
      );
    }
    throw error;
  }
}
