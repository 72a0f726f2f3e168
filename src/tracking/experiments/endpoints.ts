import { z } from 'zod';
import { type Caller, type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { experimentSearchEndpoint } from '../search/experiment-search-endpoint.ts';
import { wireExperiment } from '../to-wire.ts';
import { experimentShape } from './wire.ts';

const base = '/api/v1/projects/{project}/experiments';
const inProject = z.object({ project: z.string() });
const ofExperiment = inProject.extend({ experiment: z.string() });

const mostDatasets = 1000;

/** In an address, an experiment may also be named by its number, which is shorter than any id. */
const addressOf = (project: string, experiment: string) =>
  /^\d{1,15}$/.test(experiment) ? { project, sequence: Number(experiment) } : { project, id: experiment };

const contextOf = (caller: Caller, project: string) => ({ actor: caller.actor, project });

export function experimentEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    experimentSearchEndpoint(tracking),
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-experiments',
      action: 'runs:read',
      summary: 'Experiments by name, with how many runs each has',
      params: inProject,
      query: z.object({
        deleted: z.stringbool().default(false),
        name: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.string().optional(),
      }),
      result: z.object({ items: z.array(experimentShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await tracking.experiments(params.project, query);
        return { items: items.map(wireExperiment), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.create-experiment',
      action: 'runs:write',
      summary: 'Creates an experiment; starting a run in one does so too',
      params: inProject,
      body: z.object({
        name: z.string(),
        tags: z.record(z.string(), z.string()).optional(),
        artifactLocation: z.string().optional(),
      }),
      result: experimentShape,
      status: 201,
      handle: async ({ params, body, caller }) =>
        wireExperiment(await tracking.createExperiment(contextOf(caller, params.project), { ...body, ...params })),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{experiment}`,
      id: 'tracking.get-experiment',
      action: 'runs:read',
      summary: 'One experiment by its id or its number',
      params: ofExperiment,
      result: experimentShape,
      handle: async ({ params }) => wireExperiment(await tracking.experiment(params.project, addressOf(params.project, params.experiment))),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{experiment}/datasets`,
      id: 'tracking.list-experiment-datasets',
      action: 'runs:read',
      summary: 'Datasets that the runs of an experiment read, each once per use',
      params: ofExperiment,
      result: z.object({ items: z.array(z.object({ dataset: z.string(), digest: z.string(), context: z.string().optional() })) }),
      async handle({ params: { project, experiment } }) {
        const { sequence } = await tracking.experiment(project, addressOf(project, experiment));
        const found = await tracking.datasetsOf(project, { experiments: [sequence], limit: mostDatasets });
        return { items: found.map(({ dataset, digest, context }) => ({ dataset, digest, context })) };
      },
    }),
    ...changeEndpoints(tracking),
  ];
}

function changeEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'patch',
      path: `${base}/{experiment}`,
      id: 'tracking.edit-experiment',
      action: 'runs:write',
      summary: 'Renames an experiment, sets its tags; a tag set to null goes away',
      params: ofExperiment,
      body: z.object({ name: z.string().optional(), tags: z.record(z.string(), z.string().nullable()).optional() }),
      result: experimentShape,
      async handle({ params: { project, experiment }, body, caller }) {
        const tags = Object.fromEntries(Object.entries(body.tags ?? {}).map(([name, value]) => [name, value ?? undefined]));
        return wireExperiment(
          await tracking.editExperiment(contextOf(caller, project), addressOf(project, experiment), { name: body.name, tags }),
        );
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{experiment}`,
      id: 'tracking.delete-experiment',
      action: 'runs:write',
      summary: 'Deletes an experiment with its runs; it can be restored',
      params: ofExperiment,
      result: experimentShape,
      handle: async ({ params: { project, experiment }, caller }) =>
        wireExperiment(await tracking.deleteExperiment(contextOf(caller, project), addressOf(project, experiment))),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{experiment}/restore`,
      id: 'tracking.restore-experiment',
      action: 'runs:write',
      summary: 'Brings a deleted experiment back, with the runs that were deleted with it',
      params: ofExperiment,
      result: experimentShape,
      handle: async ({ params: { project, experiment }, caller }) =>
        wireExperiment(await tracking.restoreExperiment(contextOf(caller, project), addressOf(project, experiment))),
    }),
  ];
}
