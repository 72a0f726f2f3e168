import type { Queryable } from '#kernel/database/index.ts';
import { eventName, type Webhook, type WebhookEntity, type WebhookEvent, type WebhookId, type WebhookStatus } from './model.ts';

interface WebhookRow {
  id: string;
  project: string;
  name: string;
  description: string | null;
  url: string;
  /** JSON list of `entity.action`. */
  events: string;
  status: string;
  sealed_secret: string | null;
  created_at: number;
  updated_at: number;
}

interface Tables {
  webhooks: WebhookRow;
}

/** A webhook with its secret as it is kept. */
export interface StoredWebhook extends Webhook {
  readonly sealedSecret: string | undefined;
}

export async function insertWebhook(tx: Queryable, { sealedSecret, ...webhook }: StoredWebhook): Promise<void> {
  const row: WebhookRow = {
    id: webhook.id,
    project: webhook.project,
    name: webhook.name,
    description: webhook.description ?? null,
    url: webhook.url,
    events: JSON.stringify(webhook.events.map(eventName)),
    status: webhook.status,
    sealed_secret: sealedSecret ?? null,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  };
  await tx
    .query<Tables>()
    .insertInto('webhooks')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function deleteWebhook(tx: Queryable, id: WebhookId): Promise<void> {
  await tx.query<Tables>().deleteFrom('webhooks').where('id', '=', id).execute();
}

export async function findWebhook(from: Queryable, id: string): Promise<StoredWebhook | undefined> {
  const row = await from.query<Tables>().selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** Newest first; ids begin with the time. */
export async function listWebhooks(
  from: Queryable,
  project: string,
  page: { before?: string | undefined; limit: number },
): Promise<StoredWebhook[]> {
  let select = from.query<Tables>().selectFrom('webhooks').selectAll().where('project', '=', project);
  if (page.before !== undefined) select = select.where('id', '<', page.before);
  return (await select.orderBy('id', 'desc').limit(page.limit).execute()).map(fromRow);
}

function fromRow(row: WebhookRow): StoredWebhook {
  return {
    // The column was written from a value of this type, here and below.
    id: row.id as WebhookId,
    project: row.project,
    name: row.name,
    description: row.description ?? undefined,
    url: row.url,
    events: (JSON.parse(row.events) as string[]).map(parseEvent),
    status: row.status as WebhookStatus,
    signed: row.sealed_secret !== null,
    sealedSecret: row.sealed_secret ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function parseEvent(name: string): WebhookEvent {
  const [entity = '', action = ''] = name.split('.', 2);
  return { entity: entity as WebhookEntity, action };
}
