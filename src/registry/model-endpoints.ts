import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { RegistryCommands } from './commands.ts';
import { wireDeleted, wireModel } from './to-wire.ts';
import { readSearch, searchQuery } from './search-text.ts';
import { deletedShape, modelShape } from './wire.ts';

const base = '/api/v1/projects/{project}/models';
const inProject = z.object({ project: z.string() });
const ofModel = inProject.extend({ model: z.string() });

export function modelEndpoints(registry: RegistryCommands): Endpoint[] {
  return [...mainEndpoints(registry), ...aliasEndpoints(registry), ...binEndpoints(registry)];
}

function mainEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'registry.list-models',
      action: 'models:read',
      summary: 'Models, or prompts, with their aliases and newest version; by name unless said, those that a filter fits',
      params: inProject,
      query: searchQuery,
      result: z.object({ items: z.array(modelShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await registry.findModels(readSearch(params.project, query));
        return { items: items.map(wireModel), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'registry.create-model',
      action: 'models:write',
      summary: 'Creates a model without versions; registering a version does so too',
      params: inProject,
      body: z.object({ name: z.string(), description: z.string().optional(), tags: z.record(z.string(), z.string()).optional() }),
      result: modelShape,
      status: 201,
      handle: async ({ params, body, caller }) => wireModel(await registry.createModel({ actor: caller.actor }, { ...body, ...params })),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{model}`,
      id: 'registry.get-model',
      action: 'models:read',
      summary: 'One model',
      params: ofModel,
      result: modelShape,
      handle: async ({ params }) => wireModel(await registry.model(params.project, params.model)),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{model}`,
      id: 'registry.edit-model',
      action: 'models:write',
      summary: 'Changes description and tags; a tag set to null goes away',
      params: ofModel,
      body: z.object({ description: z.string().optional(), tags: z.record(z.string(), z.string().nullable()).optional() }),
      result: modelShape,
      async handle({ params: { project, model: name }, body, caller }) {
        const tags = Object.fromEntries(Object.entries(body.tags ?? {}).map(([tag, value]) => [tag, value ?? undefined]));
        return wireModel(await registry.editModel({ actor: caller.actor }, { project, name, description: body.description, tags }));
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{model}/rename`,
      id: 'registry.rename-model',
      action: 'models:write',
      summary: 'Gives a model that no deployment or release uses another name',
      params: ofModel,
      body: z.object({ name: z.string() }),
      result: modelShape,
      handle: async ({ params: { project, model: name }, body, caller }) =>
        wireModel(await registry.renameModel({ actor: caller.actor }, { project, name, newName: body.name })),
    }),
  ];
}

function binEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'delete',
      path: `${base}/{model}`,
      id: 'registry.delete-model',
      action: 'models:write',
      summary: 'Puts a model that nothing uses into the recycle bin',
      params: ofModel,
      async handle({ params: { project, model: name }, caller }) {
        await registry.deleteModel({ actor: caller.actor }, { project, name });
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{model}/restore`,
      id: 'registry.restore-model',
      action: 'models:write',
      summary: 'Brings the model of that name that was deleted last back, as another name when it is taken',
      params: ofModel,
      body: z.object({ as: z.string().optional() }),
      result: modelShape,
      handle: async ({ params: { project, model: name }, body, caller }) =>
        wireModel(await registry.restoreModel({ actor: caller.actor }, { project, name, as: body.as })),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/deleted-models',
      id: 'registry.list-deleted',
      action: 'models:read',
      summary: 'What lies in the recycle bin: models and versions, the newest first',
      params: inProject,
      result: z.object({ items: z.array(deletedShape) }),
      handle: async ({ params }) => ({ items: (await registry.recycleBin(params.project)).map(wireDeleted) }),
    }),
  ];
}

function aliasEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'put',
      path: `${base}/{model}/aliases/{alias}`,
      id: 'registry.set-alias',
      action: 'models:write',
      summary: 'Points an alias to a version',
      params: ofModel.extend({ alias: z.string() }),
      body: z.object({ version: z.union([z.int().positive(), z.string()]) }),
      result: modelShape,
      async handle({ params: { alias, ...of }, body, caller }) {
        await registry.setAlias({ actor: caller.actor }, { ...of, alias, version: body.version });
        return wireModel(await registry.model(of.project, of.model));
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{model}/aliases/{alias}`,
      id: 'registry.remove-alias',
      action: 'models:write',
      summary: 'Takes an alias away',
      params: ofModel.extend({ alias: z.string() }),
      async handle({ params, caller }) {
        await registry.removeAlias({ actor: caller.actor }, params);
        return undefined;
      },
    }),
  ];
}
