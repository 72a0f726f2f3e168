import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { projectPath } from './deployment-path.ts';
import type { MonitoringService } from './service.ts';
import { alertToWire } from './to-wire.ts';
import { alertSchema, silenceSchema } from './wire.ts';

const states = ['firing', 'acknowledged', 'resolved', 'withdrawn'] as const;

export function alertEndpoints(service: MonitoringService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/alerts',
      id: 'monitoring.list-alerts',
      action: 'alerts:read',
      summary: 'Alerts, the newest first',
      params: projectPath,
      query: z.object({
        deployment: z.string().optional(),
        state: z.union([z.enum(states), z.array(z.enum(states))]).optional(),
        after: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
      result: z.object({ items: z.array(alertSchema), next: z.string().optional() }),
      async handle({ params, query: { deployment, state, after, limit } }) {
        const wanted = state === undefined ? undefined : [state].flat();
        const found = await service.alerts({ project: params.project, deployment, states: wanted, after, limit: limit + 1 });
        const items = found.slice(0, limit).map(alertToWire);
        return { items, next: found.length > limit ? items.at(-1)?.id : undefined };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/alerts/{alert}/acknowledge',
      id: 'monitoring.acknowledge-alert',
      action: 'alerts:write',
      summary: 'Says that somebody has seen the alert',
      params: projectPath.extend({ alert: z.string() }),
      body: z.object({ note: z.string().max(2000).optional() }).optional(),
      result: alertSchema,
      handle: async ({ params, body, caller }) =>
        alertToWire(await service.acknowledge({ actor: caller.actor }, { ...params, note: body?.note })),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/alert-rules/{rule}/silence',
      id: 'monitoring.silence-rule',
      action: 'alerts:write',
      summary: 'Lets a rule tell nobody until a time; what still fires then is told then',
      status: 201,
      params: projectPath.extend({ rule: z.string() }),
      body: z.object({ until: z.int(), reason: z.string().min(1).max(2000) }),
      result: silenceSchema,
      async handle({ params, body, caller }) {
        const silence = await service.silence({ actor: caller.actor }, { ...params, ...body });
        return { ...silence, by: { ...silence.by } };
      },
    }),
  ];
}
