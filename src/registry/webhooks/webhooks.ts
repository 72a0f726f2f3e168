import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Projects } from '#tracking/index.ts';
import type { Attendant } from '../attend-changes.ts';
import { dashed, deliveryBody } from './body.ts';
import { createDeliverer, trySending } from './deliver.ts';
import { deliveryCommands } from './delivery-commands.ts';
import { countDeliveries, deleteDeliveries, type DeliveryCounts } from './delivery-store.ts';
import { webhookErrors } from './errors.ts';
import { exampleOf } from './examples.ts';
import {
  createWebhook,
  editWebhook,
  type NewWebhook,
  removeWebhook,
  requireWebhook,
  type WebhookAddress,
  type WebhookDeps,
  type WebhookEdit,
  withoutSecret,
} from './manage.ts';
import type { SendOutcome, Webhook, WebhookEvent } from './model.ts';
import { deliverJob, fillOutbox } from './outbox.ts';
import { pendingQueues } from './queue-store.ts';
import { openSecretBox } from './secrets.ts';
import { checkEvents } from './check-webhook.ts';
import { listWebhooks } from './webhook-store.ts';

const pruneJob = 'webhooks.prune';
const keptFor = 30 * 24 * 60 * 60_000;
const atOnce = 10;
const neverGivenUp = 1_000_000;

export interface WebhooksOptions {
  readonly kernel: Pick<Kernel, 'clock' | 'events' | 'home' | 'ids' | 'jobs' | 'log'> & {
    readonly settings: Pick<Kernel['settings'], 'webhooksSchemes' | 'webhooksPrivateAddresses'>;
  };
  readonly projects: Projects;
  /** For one attempt, ms; 30 s unless said. */
  readonly timeout?: number;
}

/** Webhooks of the registry: who is told what, and the deliveries. */
export function createWebhooks({ kernel, projects, timeout = 30_000 }: WebhooksOptions) {
  const { clock, events, ids, jobs, log, settings } = kernel;
  const rules = { schemes: settings.webhooksSchemes, privateAddresses: settings.webhooksPrivateAddresses };
  const deps: WebhookDeps & { timeout: number } = {
    clock,
    events,
    ids,
    jobs,
    log,
    projects,
    secrets: openSecretBox(kernel.home),
    rules,
    timeout,
  };
  // A delivery counts its own attempts; the job only carries the queue and must outlive them all.
  jobs.define(deliverJob, { handle: createDeliverer(deps), concurrency: atOnce, maxAttempts: neverGivenUp });
  jobs.define(pruneJob, {
    handle: () => events.database.transaction((tx) => deleteDeliveries(tx, { finishedBefore: clock.now() - keptFor })),
  });
  const attend: Attendant = (change, said, { project }) =>
    project === undefined ? Promise.resolve() : fillOutbox(deps, change, { project, said });
  return { attend, ...webhookCommands(deps), ...deliveryCommands(deps), start: () => start(deps) };
}

export type Webhooks = ReturnType<typeof createWebhooks>;

/** A queue whose job is gone, which takes a damaged table of jobs, is taken up again. */
async function start({ events: { database }, jobs }: WebhookDeps): Promise<void> {
  for (const queue of await pendingQueues(database)) await jobs.enqueue(database, { kind: deliverJob, key: queue, payload: {} });
  await jobs.schedule(database, { name: pruneJob, kind: pruneJob, cron: '50 3 * * *', payload: {} });
}

function webhookCommands(deps: WebhookDeps & { timeout: number }) {
  const { database } = deps.events;
  return {
    createWebhook: (context: ChangeContext, input: NewWebhook) => createWebhook(deps, context, input),
    editWebhook: (context: ChangeContext, edit: WebhookAddress & WebhookEdit) => editWebhook(deps, context, edit),
    deleteWebhook: (context: ChangeContext, address: WebhookAddress) => removeWebhook(deps, context, address),
    webhook: async (address: WebhookAddress): Promise<Webhook> => withoutSecret(await requireWebhook(database, address)),

    /** Newest first, each with how many deliveries wait and how many were given up. */
    async webhooks(
      project: string,
      page: { before?: string | undefined; limit: number },
    ): Promise<{ items: (Webhook & { readonly deliveries: DeliveryCounts })[]; next?: string }> {
      await deps.projects.project(project);
      const found = await listWebhooks(database, project, { ...page, limit: page.limit + 1 });
      const items = found.slice(0, page.limit).map(withoutSecret);
      const counts = await countDeliveries(
        database,
        items.map(({ id }) => id),
      );
      const last = items.at(-1);
      const counted = items.map((webhook) => ({ ...webhook, deliveries: counts.get(webhook.id) ?? { pending: 0, failed: 0 } }));
      return { items: counted, ...(found.length > page.limit && last !== undefined ? { next: last.id } : {}) };
    },

    /** Sends made-up data once, now; of its first event unless said. @throws `webhooks.not-found`, `webhooks.events-invalid` */
    async testWebhook(
      address: WebhookAddress & { event?: { entity: string; action: string } | undefined },
      signal: AbortSignal,
    ): Promise<SendOutcome & { readonly event: WebhookEvent }> {
      const webhook = await requireWebhook(database, address);
      const [event] = address.event === undefined ? webhook.events : checkEvents([address.event]);
      if (event === undefined) throw webhookErrors['events-invalid']({ problem: 'the webhook has none' });
      const body = deliveryBody(event, exampleOf(event), deps.clock.now());
      return { ...(await trySending(deps, { webhook, id: dashed(deps.ids.next()), body, signal })), event };
    },
  };
}
