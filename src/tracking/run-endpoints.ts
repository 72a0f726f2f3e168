import { z } from 'zod';
import { type Caller, type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { TrackingCommands } from './commands.ts';
import { attributeNames } from './search/filter.ts';
import { wireComparison, wireRun } from './to-wire.ts';
import {
  comparisonShape,
  finishRunShape,
  inputShape,
  logShape,
  metricNumber,
  runFieldsShape,
  runListQuery,
  runPageShape,
  runShape,
  startRunShape,
} from './wire.ts';

const base = '/api/v1/projects/{project}/runs';
const inProject = z.object({ project: z.string() });
const ofRun = inProject.extend({ run: z.string() });

/** A log call may hold many long tags. */
const logBodyLimit = 32 * 1024 * 1024;

function contextOf(caller: Caller, project: string): ChangeContext {
  return { actor: caller.actor, project };
}

export function runEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [...listEndpoints(tracking), ...lifeEndpoints(tracking), ...logEndpoints(tracking)];
}

function listEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-runs',
      action: 'runs:read',
      summary: 'Runs that fit a filter, in any order, page by page',
      params: inProject,
      query: runListQuery,
      result: runPageShape,
      async handle({ params, query }) {
        const { experiment: experiments, state: states, ...rest } = query;
        const { items, next } = await tracking.findRuns({ ...rest, ...params, experiments, states });
        return { items: items.map(wireRun), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-count',
      id: 'tracking.count-runs',
      action: 'runs:read',
      summary: 'How many runs fit a filter',
      params: inProject,
      query: runListQuery.omit({ limit: true, after: true, order: true }),
      result: z.object({ count: z.number() }),
      async handle({ params, query }) {
        const { experiment: experiments, state: states, ...rest } = query;
        return { count: await tracking.countRuns({ ...rest, ...params, experiments, states }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-fields',
      id: 'tracking.list-run-fields',
      action: 'runs:read',
      summary: 'Every name that filters, orders and columns of runs can use',
      params: inProject,
      result: runFieldsShape,
      async handle({ params: { project } }) {
        const names = async (kind: 'metric' | 'parameter' | 'tag') => [...(await tracking.names(project, kind))];
        return {
          metrics: await names('metric'),
          parameters: await names('parameter'),
          tags: await names('tag'),
          attributes: [...attributeNames],
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/run-comparison',
      id: 'tracking.compare-runs',
      action: 'runs:read',
      summary: 'Parameters, latest metrics, tags, inputs and origin of several runs side by side',
      params: inProject,
      body: z.object({ runs: z.array(z.string()).min(1) }),
      result: comparisonShape,
      handle: async ({ params, body }) => wireComparison(await tracking.compareRuns(params.project, body.runs)),
    }),
  ];
}

function lifeEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.start-run',
      action: 'runs:write',
      summary: 'Starts a run',
      params: inProject,
      body: startRunShape,
      result: runShape,
      status: 201,
      handle: async ({ params, body, caller }) =>
        wireRun(await tracking.startRun(contextOf(caller, params.project), { ...body, ...params })),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{run}`,
      id: 'tracking.get-run',
      action: 'runs:read',
      summary: 'One run',
      params: ofRun,
      result: runShape,
      handle: async ({ params }) => wireRun(await tracking.run(params.project, params.run)),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{run}`,
      id: 'tracking.rename-run',
      action: 'runs:write',
      summary: 'Gives a run another name',
      params: ofRun,
      body: z.object({ name: z.string() }),
      result: runShape,
      handle: async ({ params, body }) => wireRun(await tracking.renameRun(params, body.name)),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{run}/finish`,
      id: 'tracking.finish-run',
      action: 'runs:write',
      summary: 'Ends a run as finished, failed or killed',
      params: ofRun,
      body: finishRunShape,
      result: runShape,
      handle: async ({ params, body, caller }) => wireRun(await tracking.finishRun(contextOf(caller, params.project), params, body)),
    }),
    ...(['reopen', 'restore'] as const).map((verb) =>
      endpoint({
        method: 'post',
        path: `${base}/{run}/${verb}`,
        id: `tracking.${verb}-run`,
        action: 'runs:write',
        summary: verb === 'reopen' ? 'Sets an ended run running again' : 'Brings a deleted run back',
        params: ofRun,
        result: runShape,
        async handle({ params, caller }) {
          const command = verb === 'reopen' ? tracking.reopenRun : tracking.restoreRun;
          return wireRun(await command(contextOf(caller, params.project), params));
        },
      }),
    ),
    endpoint({
      method: 'delete',
      path: `${base}/{run}`,
      id: 'tracking.delete-run',
      action: 'runs:write',
      summary: 'Deletes a run; it can be restored',
      params: ofRun,
      result: runShape,
      handle: async ({ params, caller }) => wireRun(await tracking.deleteRun(contextOf(caller, params.project), params)),
    }),
  ];
}

function logEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${base}/{run}/log`,
      id: 'tracking.log',
      action: 'runs:write',
      summary: 'Adds metrics, parameters and tags, all or nothing; sending them again changes nothing',
      params: ofRun,
      body: logShape,
      bodyLimit: logBodyLimit,
      async handle({ params, body }) {
        const tags = Object.entries(body.tags ?? {});
        await tracking.log(params, {
          metrics: body.metrics?.map((metric) => ({ ...metric, value: metricNumber(metric.value) })),
          parameters: body.parameters,
          tags: Object.fromEntries(tags.filter((entry): entry is [string, string] => entry[1] !== null)),
          removedTags: tags.filter(([, value]) => value === null).map(([name]) => name),
        });
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{run}/inputs`,
      id: 'tracking.add-inputs',
      action: 'runs:write',
      summary: 'Adds datasets that the run read',
      params: ofRun,
      body: z.object({ inputs: z.array(inputShape) }),
      bodyLimit: logBodyLimit,
      result: runShape,
      handle: async ({ params, body }) => wireRun(await tracking.addInputs(params, body.inputs)),
    }),
  ];
}
