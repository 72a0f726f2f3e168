import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { environments } from './model.ts';
import { predict } from './predict.ts';
import { readDeployment, readDeployments, readSeries } from './read-deployments.ts';
import { rollBack } from './rollback.ts';
import { orderRollout, type RolloutAction } from './rollout-commands.ts';
import { retire } from './retire.ts';
import type { Workshop } from './service.ts';
import { rollbackWire, rolloutWire } from './to-wire.ts';
import { deploymentSchema, rollbackSchema, rolloutSchema, trafficSeriesSchema } from './wire.ts';

const base = '/api/v1/projects/{project}';
const projectPath = z.object({ project: z.string() });
const deploymentPath = projectPath.extend({ deployment: z.string() });
const environment = z.enum(environments);
const reason = z.string().trim().min(1).max(2000);

export function deploymentEndpoints(workshop: Workshop): readonly Endpoint[] {
  return [...reading(workshop), ...changing(workshop), ...rolloutActions(workshop)];
}

function reading(workshop: Workshop): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/deployments`,
      id: 'serving.list-deployments',
      action: 'deployments:read',
      summary: 'Every deployment, with what serves in each environment',
      params: projectPath,
      result: z.object({ items: z.array(deploymentSchema) }),
      handle: async ({ params }) => ({ items: [...(await readDeployments(workshop, params.project))] }),
    }),
    endpoint({
      method: 'get',
      path: `${base}/deployments/{deployment}`,
      id: 'serving.get-deployment',
      action: 'deployments:read',
      summary: 'One deployment: revisions, weights, replicas, traffic and the rollout with its verdicts',
      params: deploymentPath,
      result: deploymentSchema,
      handle: ({ params }) => readDeployment(workshop, params.project, params.deployment),
    }),
    endpoint({
      method: 'get',
      path: `${base}/deployments/{deployment}/traffic`,
      id: 'serving.get-traffic',
      action: 'deployments:read',
      summary: 'Requests, errors and latency of each revision over time',
      params: deploymentPath,
      query: z.object({
        environment: environment.default('production'),
        from: z.coerce.number().optional(),
        to: z.coerce.number().optional(),
      }),
      result: trafficSeriesSchema,
      handle: ({ params, query }) => readSeries(workshop, { ...params, environment: query.environment }, query),
    }),
  ];
}

function changing(workshop: Workshop): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${base}/deployments/{deployment}/rollback`,
      id: 'serving.roll-back',
      action: 'deployments:write',
      summary: 'Gives all traffic back to the previous revision',
      params: deploymentPath,
      body: z.object({ environment: environment.default('production'), reason }),
      result: rollbackSchema,
      handle: async ({ params, body, caller }) => rollbackWire(await rollBack(workshop, { actor: caller.actor }, { ...params, ...body })),
    }),
    endpoint({
      method: 'post',
      path: `${base}/deployments/{deployment}/retire`,
      id: 'serving.retire',
      action: 'deployments:write',
      summary: 'Ends every revision in one environment',
      params: deploymentPath,
      body: z.object({ environment }),
      handle: async ({ params, body, caller }) => {
        await retire(workshop, { actor: caller.actor }, { ...params, ...body });
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/deployments/{deployment}/predict`,
      id: 'serving.predict',
      action: 'deployments:write',
      summary: 'Passes one request of the Open Inference Protocol on to the gateway',
      params: deploymentPath,
      query: z.object({ environment: environment.default('production'), revision: z.string().optional() }),
      rawBody: 'application/json',
      bodyLimit: 8 * 1024 * 1024,
      rawResult: 'application/json',
      async handle({ params, query, request }) {
        const body = await request.arrayBuffer();
        const place = { ...params, environment: query.environment };
        const { status, text } = await predict(workshop, place, { revision: query.revision, body, signal: request.signal });
        return new Response(text, { status, headers: { 'content-type': 'application/json' } });
      },
    }),
  ];
}

const summaries: Readonly<Record<RolloutAction, string>> = {
  pause: 'Holds a rollout at its present weight',
  resume: 'Lets a held rollout go on',
  abort: 'Ends a rollout and gives the traffic back',
};

function rolloutActions(workshop: Workshop): Endpoint[] {
  return (Object.keys(summaries) as RolloutAction[]).map((action) =>
    endpoint({
      method: 'post',
      path: `${base}/rollouts/{rollout}/${action}`,
      id: `serving.${action}-rollout`,
      action: 'deployments:write',
      summary: summaries[action],
      params: projectPath.extend({ rollout: z.string() }),
      body: z.object({ reason: reason.optional() }).default({}),
      result: rolloutSchema,
      handle: async ({ params, body, caller }) =>
        rolloutWire(await orderRollout(workshop, { actor: caller.actor }, { ...params, action, reason: body.reason })),
    }),
  );
}
