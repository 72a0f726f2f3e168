import { z } from 'zod';
import { present } from '#kernel/present.ts';
import type { DeliveryCounts } from './delivery-store.ts';
import { type Delivery, type DeliveryDetail, eventName, type Webhook } from './model.ts';

export const webhookShape = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  description: z.string().optional(),
  url: z.string(),
  /** `entity.action` */
  events: z.array(z.string()),
  status: z.enum(['active', 'disabled']),
  /** Whether deliveries are signed with a secret. */
  signed: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type WebhookWire = z.infer<typeof webhookShape>;

export const listedWebhookShape = webhookShape.extend({ deliveries: z.object({ pending: z.number(), failed: z.number() }) });
export type ListedWebhookWire = z.infer<typeof listedWebhookShape>;

export const deliveryShape = z.object({
  id: z.string(),
  webhook: z.string(),
  event: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number(),
  createdAt: z.number(),
  /** When it is tried next. */
  nextAt: z.number().optional(),
  finishedAt: z.number().optional(),
  /** Of the last answer. */
  status: z.number().optional(),
  problem: z.string().optional(),
});
export type DeliveryWire = z.infer<typeof deliveryShape>;

export const deliveryDetailShape = deliveryShape.extend({
  /** JSON text that is sent. */
  body: z.string(),
  log: z.array(
    z.object({
      number: z.number(),
      at: z.number(),
      /** Milliseconds. */
      took: z.number(),
      status: z.number().optional(),
      /** Beginning of the answer. */
      response: z.string().optional(),
      problem: z.string().optional(),
    }),
  ),
});
export type DeliveryDetailWire = z.infer<typeof deliveryDetailShape>;

export const testResultShape = z.object({
  success: z.boolean(),
  event: z.string(),
  status: z.number().optional(),
  response: z.string().optional(),
  problem: z.string().optional(),
});
export type WebhookTestWire = z.infer<typeof testResultShape>;

export function wireWebhook(webhook: Webhook): WebhookWire {
  return present({ ...webhook, events: webhook.events.map(eventName) });
}

export function wireListed({ deliveries, ...webhook }: Webhook & { readonly deliveries: DeliveryCounts }): ListedWebhookWire {
  return { ...wireWebhook(webhook), deliveries: { ...deliveries } };
}

export function wireDelivery({
  id,
  webhook,
  event,
  state,
  attempts,
  createdAt,
  nextAt,
  finishedAt,
  status,
  problem,
}: Delivery): DeliveryWire {
  const shown = { id, webhook, event: eventName(event), state, attempts, createdAt, nextAt, finishedAt, status, problem };
  return present(shown);
}

export function wireDeliveryDetail(delivery: DeliveryDetail): DeliveryDetailWire {
  return {
    ...wireDelivery(delivery),
    body: delivery.body,
    log: delivery.log.map((attempt) => present(attempt)),
  };
}
