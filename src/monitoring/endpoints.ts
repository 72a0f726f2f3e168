import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { requireAgentOf } from '#serving/index.ts';
import { alertEndpoints } from './alert-endpoints.ts';
import { deploymentPath, projectPath } from './deployment-path.ts';
import { monitoringErrors } from './errors.ts';
import { labelEndpoints } from './label-endpoints.ts';
import type { MonitoringService } from './service.ts';
import { detailToWire, windowToWire } from './to-wire.ts';
import { monitorSchema, predictionSchema, receivedSegmentSchema, windowDetailSchema, windowSchema } from './wire.ts';

const name = z.string().min(1).max(200);
const time = z.coerce.number().int().optional();

export function monitoringEndpoints(service: MonitoringService): readonly Endpoint[] {
  return [
    ...watchingEndpoints(service),
    ...windowEndpoints(service),
    ...predictionEndpoints(service),
    ...labelEndpoints(service),
    ...alertEndpoints(service),
  ];
}

function watchingEndpoints(service: MonitoringService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/monitoring',
      id: 'monitoring.list',
      action: 'monitoring:read',
      summary: 'Every monitored deployment with its latest window and what fires',
      params: projectPath,
      result: z.object({ items: z.array(monitorSchema) }),
      handle: async ({ params }) => ({ items: await service.summaries(params.project) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/monitoring/{deployment}/reload',
      id: 'monitoring.reload',
      action: 'monitoring:write',
      summary: 'Reads what ripen.yaml declares for the deployment now',
      params: deploymentPath,
      result: monitorSchema,
      async handle({ params, caller }) {
        await service.reload({ actor: caller.actor }, params);
        const summary = (await service.summaries(params.project)).find(({ deployment }) => deployment === params.deployment);
        if (summary === undefined) throw monitoringErrors['monitor-not-found'](params);
        return summary;
      },
    }),
  ];
}

function windowEndpoints(service: MonitoringService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/monitoring/{deployment}/windows',
      id: 'monitoring.list-windows',
      action: 'monitoring:read',
      summary: 'Metrics of the windows that begin in [from, to), in the order of time; the newest without bounds',
      params: deploymentPath,
      query: z.object({ from: time, to: time, limit: z.coerce.number().int().min(1).max(1000).default(200) }),
      result: z.object({ items: z.array(windowSchema) }),
      handle: async ({ params, query }) => ({ items: (await service.windows(params, query)).map(windowToWire) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/monitoring/{deployment}/windows/{start}',
      id: 'monitoring.get-window',
      action: 'monitoring:read',
      summary: 'One window with its histograms beside those of the reference, quality and calibration',
      params: deploymentPath.extend({ start: z.coerce.number().int() }),
      result: windowDetailSchema,
      async handle({ params }) {
        const { window, detail, reference } = await service.window(params, params.start);
        return detailToWire(window, detail, reference);
      },
    }),
  ];
}

function predictionEndpoints(service: MonitoringService): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/v1/agent/predictions',
      id: 'monitoring.receive-segment',
      action: 'predictions:agent',
      summary:
        'One segment of an agent’s prediction log: JSON lines, plain or compressed with zstd or gzip; the same segment is taken once',
      query: z.object({ account: name, project: name, deployment: name, segment: z.string().min(1).max(300) }),
      rawBody: 'application/x-ndjson',
      result: receivedSegmentSchema,
      async handle({ query: { account: environment, project, deployment, segment }, request, caller }) {
        requireAgentOf(caller.actor, environment);
        const body = request.body ?? new Blob([]).stream();
        return service.receiveSegment({ project, deployment, environment }, { segment, body });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/deployments/{deployment}/predictions',
      id: 'monitoring.find-predictions',
      action: 'monitoring:read',
      summary: 'Single predictions by their ids, with all labels that came for them',
      params: deploymentPath,
      query: z.object({
        ids: z.union([z.string().min(1), z.array(z.string())]),
        environment: z.enum(['staging', 'production']).default('production'),
      }),
      result: z.object({ items: z.array(predictionSchema) }),
      async handle({ params, query }) {
        // An id with a comma is sent as one of several `ids`.
        const ids = Array.isArray(query.ids) ? query.ids : query.ids.split(',').filter((id) => id !== '');
        const found = await service.lookUp(params, ids.slice(0, 100), query.environment);
        return { items: found.map((one) => ({ ...one, labels: one.labels.map((label) => ({ ...label })) })) };
      },
    }),
  ];
}
