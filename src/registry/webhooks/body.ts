import type { Payload, WebhookEvent } from './model.ts';

/** JSON text of a delivery, as MLflow's receivers read it; `time` in epoch ms. */
export function deliveryBody(event: WebhookEvent, data: Payload, time: number): string {
  // Older Pythons read no Z.
  const timestamp = new Date(time).toISOString().replace('Z', '+00:00');
  return JSON.stringify({ entity: event.entity, action: event.action, timestamp, data });
}

/** 32 hex digits as a UUID with dashes, which receivers may parse. */
export function dashed(id: string): string {
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}
