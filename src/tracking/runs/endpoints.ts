import { z } from 'zod';
import { type Caller, type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { wireRun } from '../to-wire.ts';
import { readNumber } from '../metrics/wire.ts';
import { finishRunShape, linkRunShape, logShape, runShape, startRunShape } from './wire.ts';

const base = '/api/v1/projects/{project}/runs';
const inProject = z.object({ project: z.string() });
const ofRun = inProject.extend({ run: z.string() });

/** A log call may hold many long tags. */
const logBodyLimit = 32 * 1024 * 1024;

function contextOf(caller: Caller, project: string): ChangeContext {
  return { actor: caller.actor, project };
}

export function runEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [...lifeEndpoints(tracking), ...logEndpoints(tracking)];
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
      handle: async ({ params, body, caller }) => wireRun(await tracking.renameRun(contextOf(caller, params.project), params, body.name)),
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
          metrics: body.metrics?.map((metric) => ({ ...metric, value: readNumber(metric.value) })),
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
      summary: 'Adds datasets and logged models that the run read or made',
      params: ofRun,
      body: linkRunShape,
      bodyLimit: logBodyLimit,
      result: runShape,
      async handle({ params, body }) {
        await tracking.linkRun(params, body);
        return wireRun(await tracking.run(params.project, params.run));
      },
    }),
  ];
}
