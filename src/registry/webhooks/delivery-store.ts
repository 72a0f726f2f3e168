import type { Queryable } from '#kernel/database/index.ts';
import { type DeliveryTables, fromRow, type QueuedDelivery, queuedFromRow } from './delivery-rows.ts';
import type { Delivery, DeliveryDetail, DeliveryState, WebhookId } from './model.ts';

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

export async function findDelivery(from: Queryable, of: { webhook: string; delivery: string }): Promise<QueuedDelivery | undefined> {
  const row = await from
    .query<DeliveryTables>()
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', of.delivery)
    .where('webhook', '=', of.webhook)
    .executeTakeFirst();
  return row === undefined ? undefined : queuedFromRow(row);
}

export async function withLog(from: Queryable, delivery: QueuedDelivery): Promise<DeliveryDetail> {
  const { sequence, attemptsUntil: _, ...rest } = delivery;
  const rows = await from
    .query<DeliveryTables>()
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
  let select = from.query<DeliveryTables>().selectFrom('webhook_deliveries').select(lightColumns).where('webhook', '=', page.webhook);
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
    .query<DeliveryTables>()
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
  const query = tx.query<DeliveryTables>();
  const column = 'webhook' in of ? 'webhook' : 'finished_at';
  const operator = 'webhook' in of ? '=' : '<';
  const value = 'webhook' in of ? of.webhook : of.finishedBefore;
  await query
    .deleteFrom('webhook_attempts')
    .where('delivery', 'in', query.selectFrom('webhook_deliveries').select('sequence').where(column, operator, value))
    .execute();
  await query.deleteFrom('webhook_deliveries').where(column, operator, value).execute();
}
