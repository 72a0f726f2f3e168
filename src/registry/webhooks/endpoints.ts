import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { eventName } from './model.ts';
import type { Webhooks } from './webhooks.ts';
import {
  deliveryDetailShape,
  deliveryShape,
  listedWebhookShape,
  testResultShape,
  webhookShape,
  wireDelivery,
  wireDeliveryDetail,
  wireListed,
  wireWebhook,
} from './wire.ts';

const base = '/api/v1/projects/{project}/webhooks';
const inProject = z.object({ project: z.string() });
const ofWebhook = inProject.extend({ webhook: z.string() });
const ofDelivery = ofWebhook.extend({ delivery: z.string() });
/** `registered_model.created` */
const eventText = z.string().regex(/^[a-z_]+\.[a-z_]+$/);
const readEvent = (text: string) => ({ entity: text.slice(0, text.indexOf('.')), action: text.slice(text.indexOf('.') + 1) });

const edits = {
  name: z.string(),
  url: z.string(),
  events: z.array(eventText),
  description: z.string(),
  secret: z.string(),
  status: z.enum(['active', 'disabled']),
};

export function webhookEndpoints(webhooks: Webhooks): Endpoint[] {
  return [...manageEndpoints(webhooks), ...oneEndpoints(webhooks), ...deliveryEndpoints(webhooks)];
}

function manageEndpoints(webhooks: Webhooks): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'webhooks.list',
      action: 'webhooks:read',
      summary: 'Webhooks of a project, newest first, with how many deliveries wait or were given up',
      params: inProject,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), after: z.string().optional() }),
      result: z.object({ items: z.array(listedWebhookShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await webhooks.webhooks(params.project, { before: query.after, limit: query.limit });
        return { items: items.map(wireListed), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'webhooks.create',
      action: 'webhooks:write',
      summary: 'Makes a webhook; it is told of what happens from now on',
      params: inProject,
      body: z.object({
        ...edits,
        description: edits.description.optional(),
        secret: edits.secret.optional(),
        status: edits.status.optional(),
      }),
      result: webhookShape,
      status: 201,
      handle: async ({ params, body, caller }) =>
        wireWebhook(await webhooks.createWebhook({ actor: caller.actor }, { ...body, ...params, events: body.events.map(readEvent) })),
    }),
  ];
}

function oneEndpoints(webhooks: Webhooks): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{webhook}`,
      id: 'webhooks.get',
      action: 'webhooks:read',
      summary: 'One webhook',
      params: ofWebhook,
      result: webhookShape,
      handle: async ({ params }) => wireWebhook(await webhooks.webhook(params)),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{webhook}`,
      id: 'webhooks.edit',
      action: 'webhooks:write',
      summary: 'Changes a webhook; an empty secret ends the signatures, an active status lets waiting deliveries go on',
      params: ofWebhook,
      body: z.object(edits).partial(),
      result: webhookShape,
      async handle({ params, body, caller }) {
        const { events, ...rest } = body;
        const edit = { ...rest, ...params, ...(events === undefined ? {} : { events: events.map(readEvent) }) };
        return wireWebhook(await webhooks.editWebhook({ actor: caller.actor }, edit));
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{webhook}`,
      id: 'webhooks.delete',
      action: 'webhooks:write',
      summary: 'Deletes a webhook with its deliveries, also those that wait',
      params: ofWebhook,
      async handle({ params, caller }) {
        await webhooks.deleteWebhook({ actor: caller.actor }, params);
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{webhook}/test`,
      id: 'webhooks.test',
      action: 'webhooks:write',
      summary: 'Sends made-up data once and says what came back',
      params: ofWebhook,
      body: z.object({ event: eventText.optional() }),
      result: testResultShape,
      async handle({ params, body, request }) {
        const event = body.event === undefined ? undefined : readEvent(body.event);
        const { ok, event: told, status, response, problem } = await webhooks.testWebhook({ ...params, event }, request.signal);
        return { success: ok, event: eventName(told), status, response, problem };
      },
    }),
  ];
}

function deliveryEndpoints(webhooks: Webhooks): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{webhook}/deliveries`,
      id: 'webhooks.list-deliveries',
      action: 'webhooks:read',
      summary: 'Deliveries of a webhook, newest first',
      params: ofWebhook,
      query: z.object({
        state: z.enum(['pending', 'delivered', 'failed']).optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.coerce.number().int().positive().optional(),
      }),
      result: z.object({ items: z.array(deliveryShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, next } = await webhooks.deliveries(params, { state: query.state, before: query.after, limit: query.limit });
        return { items: items.map(wireDelivery), ...(next === undefined ? {} : { next: String(next) }) };
      },
    }),
    endpoint({
      method: 'get',
      path: `${base}/{webhook}/deliveries/{delivery}`,
      id: 'webhooks.get-delivery',
      action: 'webhooks:read',
      summary: 'One delivery with its body and its attempts',
      params: ofDelivery,
      result: deliveryDetailShape,
      handle: async ({ params }) => wireDeliveryDetail(await webhooks.delivery(params)),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{webhook}/deliveries/{delivery}/redeliver`,
      id: 'webhooks.redeliver',
      action: 'webhooks:write',
      summary: 'Sends a delivery again, at once and with the same id',
      params: ofDelivery,
      result: deliveryDetailShape,
      status: 202,
      handle: async ({ params, caller }) => wireDeliveryDetail(await webhooks.redeliver({ actor: caller.actor }, params)),
    }),
  ];
}
