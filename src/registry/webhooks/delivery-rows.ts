import type { Delivery, DeliveryId, DeliveryState, WebhookEntity, WebhookId } from './model.ts';

/** Tables of what is sent. */

export interface DeliveryRow {
  sequence: number;
  id: string;
  webhook: string;
  queue: string;
  entity: string;
  action: string;
  body: string;
  state: string;
  attempts: number;
  attempts_until: number;
  next_at: number | null;
  created_at: number;
  finished_at: number | null;
  status: number | null;
  problem: string | null;
}

export interface DeliveryTables {
  webhook_deliveries: DeliveryRow;
  webhook_attempts: {
    delivery: number;
    number: number;
    at: number;
    took: number;
    status: number | null;
    response: string | null;
    problem: string | null;
  };
}

/** A delivery as the worker needs it. */
export interface QueuedDelivery extends Delivery {
  readonly sequence: number;
  readonly body: string;
  readonly attemptsUntil: number;
}

export function fromRow(row: Omit<DeliveryRow, 'body' | 'queue'>): Delivery {
  return {
    // The columns were written from values of these types.
    id: row.id as DeliveryId,
    webhook: row.webhook as WebhookId,
    event: { entity: row.entity as WebhookEntity, action: row.action },
    state: row.state as DeliveryState,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAt: row.next_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    status: row.status ?? undefined,
    problem: row.problem ?? undefined,
  };
}

export function queuedFromRow(row: DeliveryRow): QueuedDelivery {
  return { ...fromRow(row), sequence: row.sequence, body: row.body, attemptsUntil: row.attempts_until };
}
