import { field, type MlflowCall, type MlflowRoute, mlflowRoute } from '#tracking/index.ts';
import type { RegistryCommands } from '../commands.ts';
import type { Model } from '../model.ts';
import { modelMessage, versionMessage } from './messages.ts';
import { alreadyExists, checkName, checkTagKey, checkTagValue, inClientWords, isPrompt, tagsOf } from './refusals.ts';

const base = '2.0/mlflow/registered-models';
const tag = field.message({ key: field.text().required(), value: field.text() });
const named = { name: field.text().required() };

/** Registered models of the MLflow protocol. */
export function modelRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [...lifeRoutes(registry), ...tagRoutes(registry), ...latestRoutes(registry)];
}

async function messageOf(registry: RegistryCommands, model: Model) {
  const latest = await registry.newestByStage([model]);
  return { registered_model: modelMessage(model, latest(model)) };
}

function lifeRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: `${base}/create`,
      action: 'models:write',
      summary: 'Creates a registered model',
      request: { ...named, tags: field.list(tag), description: field.text(), deployment_job_id: field.text() },
      async handle(input, { context, project }) {
        const name = checkName(input.name);
        const tags = tagsOf(input.tags);
        const [existing] = await found(registry, project, name);
        if (existing !== undefined) throw alreadyExists(name, existing.kind, isPrompt(tags) ? 'prompt' : 'model');
        return messageOf(registry, await registry.createModel(context, { project, name, tags, description: input.description }));
      },
    }),
    mlflowRoute({
      method: 'post',
      path: `${base}/rename`,
      action: 'models:write',
      summary: 'Renames a registered model',
      request: { ...named, new_name: field.text().required() },
      async handle(input, { context, project }) {
        const [name, newName] = [checkName(input.name), checkName(input.new_name, 'new_name')];
        const [existing] = name === newName ? [] : await found(registry, project, newName);
        if (existing !== undefined) throw alreadyExists(newName, 'model', 'model');
        return messageOf(registry, await inClientWords({ name }, () => registry.renameModel(context, { project, name, newName })));
      },
    }),
    mlflowRoute({
      method: 'patch',
      path: `${base}/update`,
      action: 'models:write',
      summary: 'Changes the description of a registered model',
      request: { ...named, description: field.text() },
      async handle({ name, description = '' }, { context, project }) {
        return messageOf(registry, await inClientWords({ name }, () => registry.editModel(context, { project, name, description })));
      },
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/delete`,
      action: 'models:write',
      summary: 'Deletes a registered model; it can be restored for a while',
      request: named,
      handle: ({ name }, { context, project }) => inClientWords({ name }, () => registry.deleteModel(context, { project, name })),
    }),
    mlflowRoute({
      method: 'get',
      path: `${base}/get`,
      action: 'models:read',
      summary: 'One registered model',
      request: named,
      handle: async ({ name }, { project }) =>
        messageOf(registry, await inClientWords({ name: checkName(name) }, () => registry.model(project, name))),
    }),
  ];
}

/** None or one. */
async function found(registry: RegistryCommands, project: string, name: string): Promise<readonly Model[]> {
  return registry.modelsNamed(project, [name]);
}

function tagRoutes(registry: RegistryCommands): MlflowRoute[] {
  const edit = ({ context, project }: MlflowCall, name: string, tags: Readonly<Record<string, string | undefined>>) =>
    inClientWords({ name }, async () => {
      await registry.editModel(context, { project, name, tags });
      return {};
    });
  return [
    mlflowRoute({
      method: 'post',
      path: `${base}/set-tag`,
      action: 'models:write',
      summary: 'Sets a tag of a registered model',
      request: { ...named, key: field.text().required(), value: field.text() },
      handle: ({ name, key, value = '' }, call) => edit(call, name, { [checkTagKey(key)]: checkTagValue(key, value) }),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/delete-tag`,
      action: 'models:write',
      summary: 'Takes a tag of a registered model away',
      request: { ...named, key: field.text().required() },
      handle: ({ name, key }, call) => edit(call, name, { [checkTagKey(key)]: undefined }),
    }),
  ];
}

function latestRoutes(registry: RegistryCommands): MlflowRoute[] {
  return (['post', 'get'] as const).map((method) =>
    mlflowRoute({
      method,
      path: `${base}/get-latest-versions`,
      action: 'models:read',
      summary: 'The newest version in each stage',
      request: { ...named, stages: field.list(field.text()) },
      handle: ({ name, stages = [] }, { project }) =>
        inClientWords({ name }, async () => {
          const wanted = new Set(stages.map((stage) => registry.parseStage(stage)));
          const model = await registry.model(project, name);
          const latest = (await registry.newestByStage([model]))(model);
          return { model_versions: latest.filter(({ stage }) => wanted.size === 0 || wanted.has(stage)).map(versionMessage) };
        }),
    }),
  );
}
