import type { Queryable } from '#kernel/database/index.ts';
import { type DeliveryRow, type DeliveryTables, type QueuedDelivery, queuedFromRow } from './delivery-rows.ts';
import type { Attempt, DeliveryId, DeliveryState, WebhookEvent, WebhookId } from './model.ts';

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly webhook: WebhookId;
  readonly event: WebhookEvent;
  readonly body: string;
  readonly attemptsUntil: number;
  readonly now: number;
}

/** Appends to the queue of the webhook. */
export async function insertDeliveries(tx: Queryable, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  // `sequence` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ webhook_deliveries: Omit<DeliveryRow, 'sequence'> }>();
  const rows = deliveries.map(({ id, webhook, event, body, attemptsUntil, now }) => ({
    id,
    webhook,
    queue: webhook,
    entity: event.entity,
    action: event.action,
    body,
    state: 'pending',
    attempts: 0,
    attempts_until: attemptsUntil,
    next_at: now,
    created_at: now,
    finished_at: null,
    status: null,
    problem: null,
  }));
  await query.insertInto('webhook_deliveries').values(rows).execute();
}

/** The oldest delivery of a queue that is still to be sent. */
export async function nextOfQueue(from: Queryable, queue: string): Promise<QueuedDelivery | undefined> {
  const row = await from
    .query<DeliveryTables>()
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('queue', '=', queue)
    .where('state', '=', 'pending')
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : queuedFromRow(row);
}

/** Queues with something to send. */
export async function pendingQueues(from: Queryable, webhook?: string): Promise<string[]> {
  let select = from.query<DeliveryTables>().selectFrom('webhook_deliveries').select('queue').distinct().where('state', '=', 'pending');
  if (webhook !== undefined) select = select.where('webhook', '=', webhook);
  return (await select.execute()).map(({ queue }) => queue);
}

export interface DeliveryChange {
  readonly state: DeliveryState;
  readonly nextAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export async function recordAttempt(tx: Queryable, sequence: number, attempt: Attempt, change: DeliveryChange): Promise<void> {
  const query = tx.query<DeliveryTables>();
  const { number, at, took, status, response, problem } = attempt;
  await query
    .insertInto('webhook_attempts')
    .values({ delivery: sequence, number, at, took, status: status ?? null, response: response ?? null, problem: problem ?? null })
    .onConflict((conflict) => conflict.columns(['delivery', 'number']).doNothing())
    .execute();
  await query
    .updateTable('webhook_deliveries')
    .set({
      state: change.state,
      attempts: number,
      next_at: change.nextAt ?? null,
      finished_at: change.finishedAt ?? null,
      status: status ?? null,
      problem: problem ?? null,
    })
    .where('sequence', '=', sequence)
    .execute();
}

/** Puts a delivery into a queue of its own, so that it waits for no other one. */
export async function requeueDelivery(
  tx: Queryable,
  delivery: QueuedDelivery,
  again: { attemptsUntil: number; now: number },
): Promise<void> {
  await tx
    .query<DeliveryTables>()
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', queue: delivery.id, attempts_until: again.attemptsUntil, next_at: again.now, finished_at: null })
    .where('sequence', '=', delivery.sequence)
    .execute();
}
