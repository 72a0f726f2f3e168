import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { RegistryCommands } from './commands.ts';
import { wireModel } from './to-wire.ts';
import { modelShape } from './wire.ts';

const base = '/api/v1/projects/{project}/models';
const inProject = z.object({ project: z.string() });
const ofModel = inProject.extend({ model: z.string() });

export function modelEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'registry.list-models',
      action: 'models:read',
      summary: 'Models by name, with their aliases and newest version',
      params: inProject,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), after: z.string().optional() }),
      result: z.object({ items: z.array(modelShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await registry.models(params.project, query);
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
