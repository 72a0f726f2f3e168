import type { Queryable } from '#kernel/database/index.ts';
import type { Attempt, Delivery, DeliveryDetail, DeliveryId, DeliveryState, WebhookEntity, WebhookEvent, WebhookId } from './model.ts';

interface DeliveryRow {
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

interface Tables {
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

const lightColumns = [
  'sequence',
  'id',
  'webhook',
  'entity',
  'action',
  'state',
  'attempts',
  'attempts_until',
  'next_at',
  'created_at',
  'finished_at',
  'status',
  'problem',
] as const;

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
    .query<Tables>()
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('queue', '=', queue)
    .where('state', '=', 'pending')
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...fromRow(row), sequence: row.sequence, body: row.body, attemptsUntil: row.attempts_until };
}

/** Queues with something to send. */
export async function pendingQueues(from: Queryable, webhook?: string): Promise<string[]> {
  let select = from.query<Tables>().selectFrom('webhook_deliveries').select('queue').distinct().where('state', '=', 'pending');
  if (webhook !== undefined) select = select.where('webhook', '=', webhook);
  return (await select.execute()).map(({ queue }) => queue);
}

export interface DeliveryChange {
  readonly state: DeliveryState;
  readonly nextAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export async function recordAttempt(tx: Queryable, sequence: number, attempt: Attempt, change: DeliveryChange): Promise<void> {
  const query = tx.query<Tables>();
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
    .query<Tables>()
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', queue: delivery.id, attempts_until: again.attemptsUntil, next_at: again.now, finished_at: null })
    .where('sequence', '=', delivery.sequence)
    .execute();
}

export async function findDelivery(from: Queryable, of: { webhook: string; delivery: string }): Promise<QueuedDelivery | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', of.delivery)
    .where('webhook', '=', of.webhook)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...fromRow(row), sequence: row.sequence, body: row.body, attemptsUntil: row.attempts_until };
}

export async function withLog(from: Queryable, delivery: QueuedDelivery): Promise<DeliveryDetail> {
  const { sequence, attemptsUntil: _, ...rest } = delivery;
  const rows = await from
    .query<Tables>()
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery', '=', sequence)
    .orderBy('number')
    .execute();
  const log = rows.map(({ number, at, took, status, response, problem }) => ({
    number,
    at,
    took,
    status: status ?? undefined,
    response: response ?? undefined,
    problem: problem ?? undefined,
  }));
  return { ...rest, log };
}

export interface DeliveryPage {
  readonly webhook: string;
  readonly state?: DeliveryState | undefined;
  /** Sequence of the last one seen. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listDeliveries(from: Queryable, page: DeliveryPage): Promise<(Delivery & { readonly sequence: number })[]> {
  let select = from.query<Tables>().selectFrom('webhook_deliveries').select(lightColumns).where('webhook', '=', page.webhook);
  if (page.state !== undefined) select = select.where('state', '=', page.state);
  if (page.before !== undefined) select = select.where('sequence', '<', page.before);
  const rows = await select.orderBy('sequence', 'desc').limit(page.limit).execute();
  return rows.map((row) => ({ ...fromRow(row), sequence: row.sequence }));
}

export interface DeliveryCounts {
  readonly pending: number;
  readonly failed: number;
}

export async function countDeliveries(from: Queryable, webhooks: readonly string[]): Promise<ReadonlyMap<string, DeliveryCounts>> {
  if (webhooks.length === 0) return new Map();
  const rows = await from
    .query<Tables>()
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => ['webhook', 'state', fn.countAll().as('count')])
    .where('webhook', 'in', webhooks)
    .where('state', 'in', ['pending', 'failed'])
    .groupBy(['webhook', 'state'])
    .execute();
  const of = (webhook: string, state: string) => Number(rows.find((row) => row.webhook === webhook && row.state === state)?.count ?? 0);
  return new Map(webhooks.map((webhook) => [webhook, { pending: of(webhook, 'pending'), failed: of(webhook, 'failed') }]));
}

export async function deleteDeliveries(tx: Queryable, of: { webhook: WebhookId } | { finishedBefore: number }): Promise<void> {
  const query = tx.query<Tables>();
  const column = 'webhook' in of ? 'webhook' : 'finished_at';
  const operator = 'webhook' in of ? '=' : '<';
  const value = 'webhook' in of ? of.webhook : of.finishedBefore;
  await query
    .deleteFrom('webhook_attempts')
    .where('delivery', 'in', query.selectFrom('webhook_deliveries').select('sequence').where(column, operator, value))
    .execute();
  await query.deleteFrom('webhook_deliveries').where(column, operator, value).execute();
}

function fromRow(row: Omit<DeliveryRow, 'body' | 'queue'>): Delivery {
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
