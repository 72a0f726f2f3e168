import { z } from 'zod';
import type { ChangeContext } from '#kernel/events/index.ts';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { RegistryCommands } from './commands.ts';
import { readSearch, searchQuery } from './search-text.ts';
import { wireComparison, wireHeader, wireLineage, wireVersion } from './to-wire.ts';
import { versionHeaderShape, lineageShape, registerShape, versionComparisonShape, versionShape } from './wire.ts';

const base = '/api/v1/projects/{project}/models/{model}/versions';
const ofModel = z.object({ project: z.string(), model: z.string() });
/** A number, `@alias` or `latest`. */
const ofVersion = ofModel.extend({ version: z.string() });

export function versionEndpoints(registry: RegistryCommands): Endpoint[] {
  return [...listEndpoints(registry), ...oneEndpoints(registry), ...viewEndpoints(registry)];
}

function listEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'registry.list-versions',
      action: 'models:read',
      summary: 'Versions of a model, newest first',
      params: ofModel,
      query: z.object({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.coerce.number().int().positive().optional(),
      }),
      result: z.object({ items: z.array(versionShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await registry.versions(params, { before: query.after, limit: query.limit });
        return { items: items.map(wireVersion), ...(next === undefined ? {} : { next: String(next) }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'registry.register-version',
      action: 'models:write',
      summary:
        'Registers the next version: from stored files, of which the same model of the same run is registered once, or from a source',
      params: ofModel,
      body: registerShape,
      result: versionShape,
      status: 201,
      handle: async ({ params, body, caller }) => wireVersion(await register(registry, { actor: caller.actor }, { ...body, ...params })),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/model-versions',
      id: 'registry.find-versions',
      action: 'models:read',
      summary: 'Versions of all models that a filter fits; those changed last first unless said',
      params: z.object({ project: z.string() }),
      query: searchQuery,
      result: z.object({ items: z.array(versionHeaderShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await registry.findVersions(readSearch(params.project, query));
        return { items: items.map(wireHeader), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/runs/{run}/model-versions',
      id: 'registry.list-versions-of-run',
      action: 'models:read',
      summary: 'The model versions that a run produced',
      params: z.object({ project: z.string(), run: z.string() }),
      result: z.object({ items: z.array(versionShape) }),
      handle: async ({ params }) => ({ items: (await registry.versionsOfRun(params.project, params.run)).map(wireVersion) }),
    }),
  ];
}

function oneEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{version}`,
      id: 'registry.get-version',
      action: 'models:read',
      summary: 'One version, by number, @alias or latest',
      params: ofVersion,
      result: versionShape,
      handle: async ({ params }) => wireVersion(await registry.version(params.project, params.model, params.version)),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{version}`,
      id: 'registry.edit-version',
      action: 'models:write',
      summary: 'Changes description and tags; a tag set to null goes away',
      params: ofVersion,
      body: z.object({ description: z.string().optional(), tags: z.record(z.string(), z.string().nullable()).optional() }),
      result: versionShape,
      async handle({ params, body, caller }) {
        const tags = Object.fromEntries(Object.entries(body.tags ?? {}).map(([tag, value]) => [tag, value ?? undefined]));
        return wireVersion(await registry.editVersion({ actor: caller.actor }, { ...params, description: body.description, tags }));
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{version}/archive`,
      id: 'registry.archive-version',
      action: 'models:write',
      summary: 'Archives a version to which no alias points',
      params: ofVersion,
      result: versionShape,
      handle: async ({ params, caller }) => wireVersion(await registry.archiveVersion({ actor: caller.actor }, params)),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{version}/restore`,
      id: 'registry.restore-version',
      action: 'models:write',
      summary: 'Brings an archived or deleted version back',
      params: ofVersion,
      result: versionShape,
      handle: async ({ params, caller }) => wireVersion(await registry.restoreVersion({ actor: caller.actor }, params)),
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{version}`,
      id: 'registry.delete-version',
      action: 'models:write',
      summary: 'Puts a version that nothing serves into the recycle bin; its aliases go, its number is not used again',
      params: ofVersion,
      async handle({ params, caller }) {
        await registry.deleteVersion({ actor: caller.actor }, params);
        return undefined;
      },
    }),
    endpoint({
      method: 'put',
      path: `${base}/{version}/stage`,
      id: 'registry.set-stage',
      action: 'models:write',
      summary: 'Moves a version to a stage of old MLflow clients',
      params: ofVersion,
      body: z.object({ stage: z.string(), archiveOthers: z.boolean().optional() }),
      result: versionShape,
      handle: async ({ params, body, caller }) => wireVersion(await registry.setStage({ actor: caller.actor }, { ...params, ...body })),
    }),
  ];
}

/** From a source when one is named. */
function register(
  registry: RegistryCommands,
  context: ChangeContext,
  input: z.infer<typeof registerShape> & { project: string; model: string },
) {
  const { source, files = {} } = input;
  return source === undefined
    ? registry.registerVersion(context, { ...input, files })
    : registry.registerFrom(context, { ...input, source });
}

function viewEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{version}/lineage`,
      id: 'registry.get-lineage',
      action: 'models:read',
      summary: 'Run, data, code and environment that a version comes from; releases and deployments it went into',
      params: ofVersion,
      result: lineageShape,
      handle: async ({ params }) => wireLineage(await registry.lineage(params)),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/models/{model}/comparison',
      id: 'registry.compare-versions',
      action: 'models:read',
      summary: 'Two versions side by side: metrics, parameters, signature, data, files, origin',
      params: ofModel,
      query: z.object({ before: z.string(), after: z.string() }),
      result: versionComparisonShape,
      handle: async ({ params, query }) => wireComparison(await registry.compareVersions({ ...params, ...query })),
    }),
  ];
}
