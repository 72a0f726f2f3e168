import type { ChangeContext, EventDraft } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Projects } from '#tracking/index.ts';
import { source } from '../service.ts';
import { type AddressRules, checkEvents, checkLength, checkName, checkUrl } from './check-webhook.ts';
import { deleteDeliveries } from './delivery-store.ts';
import { webhookErrors } from './errors.ts';
import { eventName, subjectOf, type Webhook, type WebhookId, webhookLimits, type WebhookStatus } from './model.ts';
import { deliverJob } from './outbox.ts';
import { pendingQueues } from './queue-store.ts';
import type { SecretBox } from './secrets.ts';
import { deleteWebhook, findWebhook, insertWebhook, listWebhooks, type StoredWebhook } from './webhook-store.ts';

export interface WebhookDeps extends Pick<Kernel, 'clock' | 'events' | 'ids' | 'jobs' | 'log'> {
  readonly projects: Projects;
  readonly secrets: SecretBox;
  readonly rules: AddressRules;
}

export interface NewWebhook {
  readonly project: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly { readonly entity: string; readonly action: string }[];
  readonly description?: string | undefined;
  /** Deliveries are signed with it; without one they are not signed. */
  readonly secret?: string | undefined;
  readonly status?: WebhookStatus | undefined;
}

/** What is undefined stays as it is; an empty secret means that deliveries are not signed any more. */
export type WebhookEdit = { readonly [Key in keyof Omit<NewWebhook, 'project'>]?: NewWebhook[Key] | undefined };

export interface WebhookAddress {
  readonly project: string;
  readonly webhook: string;
}

/** Emits `webhook.created`. @throws `webhooks.name-invalid`, `webhooks.url-invalid` and the like, `webhooks.too-many` */
export async function createWebhook(deps: WebhookDeps, context: ChangeContext, input: NewWebhook): Promise<Webhook> {
  const { name: project } = await deps.projects.project(input.project);
  const now = deps.clock.now();
  const id = deps.ids.next() as WebhookId;
  const webhook: StoredWebhook = {
    id,
    project,
    name: checkName(input.name),
    url: await checkUrl(input.url, deps.rules),
    events: checkEvents(input.events),
    description: checkLength('description', input.description ?? '') || undefined,
    status: input.status ?? 'active',
    ...sealed(deps, id, input.secret ?? ''),
    createdAt: now,
    updatedAt: now,
  };
  await deps.events.change({ ...context, project }, async (change) => {
    const present = await listWebhooks(change, project, { limit: webhookLimits.perProject });
    if (present.length === webhookLimits.perProject) throw webhookErrors['too-many']({ project, limit: webhookLimits.perProject });
    await insertWebhook(change, webhook);
    change.emit({ type: 'webhook.created', ...sayingOf(webhook) });
  });
  return withoutSecret(webhook);
}

/** Emits `webhook.updated`. @throws as `createWebhook`, `webhooks.not-found` */
export async function editWebhook(deps: WebhookDeps, context: ChangeContext, edit: WebhookAddress & WebhookEdit): Promise<Webhook> {
  const url = edit.url === undefined ? undefined : await checkUrl(edit.url, deps.rules);
  const events = edit.events === undefined ? undefined : checkEvents(edit.events);
  return deps.events.change({ ...context, project: edit.project }, async (change) => {
    const present = await requireWebhook(change, edit);
    const webhook: StoredWebhook = {
      ...present,
      name: edit.name === undefined ? present.name : checkName(edit.name),
      url: url ?? present.url,
      events: events ?? present.events,
      description: edit.description === undefined ? present.description : checkLength('description', edit.description) || undefined,
      status: edit.status ?? present.status,
      ...(edit.secret === undefined ? {} : sealed(deps, present.id, edit.secret)),
      updatedAt: deps.clock.now(),
    };
    await insertWebhook(change, webhook);
    change.emit({ type: 'webhook.updated', ...sayingOf(webhook) });
    if (webhook.status === 'active')
      for (const queue of await pendingQueues(change, webhook.id))
        await deps.jobs.enqueue(change, { kind: deliverJob, key: queue, payload: {} });
    return withoutSecret(webhook);
  });
}

/** With its deliveries; emits `webhook.deleted`. @throws `webhooks.not-found` */
export async function removeWebhook(deps: WebhookDeps, context: ChangeContext, address: WebhookAddress): Promise<void> {
  await deps.events.change({ ...context, project: address.project }, async (change) => {
    const webhook = await requireWebhook(change, address);
    await deleteDeliveries(change, { webhook: webhook.id });
    await deleteWebhook(change, webhook.id);
    change.emit({ type: 'webhook.deleted', ...sayingOf(webhook) });
  });
}

/** @throws `webhooks.not-found` */
export async function requireWebhook(
  from: Parameters<typeof findWebhook>[0],
  { project, webhook: id }: WebhookAddress,
): Promise<StoredWebhook> {
  const webhook = await findWebhook(from, id);
  if (webhook?.project !== project) throw webhookErrors['not-found']({ webhook: id.slice(0, 100) });
  return webhook;
}

export function withoutSecret(stored: StoredWebhook): Webhook {
  const { id, project, name, description, url, events, status, signed, createdAt, updatedAt } = stored;
  return { id, project, name, description, url, events, status, signed, createdAt, updatedAt };
}

function sealed({ secrets }: WebhookDeps, id: WebhookId, secret: string): Pick<StoredWebhook, 'signed' | 'sealedSecret'> {
  if (secret === '') return { signed: false, sealedSecret: undefined };
  return { signed: true, sealedSecret: secrets.seal(checkLength('secret', secret), id) };
}

/** The path of an address often is a secret, so the log names the host alone. */
function sayingOf(stored: StoredWebhook): Omit<EventDraft, 'type'> {
  const { id, name, url, events, status, signed } = stored;
  const data = { webhook: id, name, host: new URL(url).host, events: events.map(eventName), status, signed };
  return { source, subject: subjectOf(stored), data };
}
