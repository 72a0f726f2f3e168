import type { ChangeContext } from '#kernel/events/index.ts';
import { source } from '../service.ts';
import { findDelivery, listDeliveries, withLog } from './delivery-store.ts';
import { webhookErrors } from './errors.ts';
import { requireWebhook, type WebhookAddress, type WebhookDeps } from './manage.ts';
import { type Delivery, type DeliveryDetail, type DeliveryState, subjectOf } from './model.ts';
import { deliverJob } from './outbox.ts';
import { requeueDelivery } from './queue-store.ts';
import { mostAttempts } from './retry.ts';

/** What was sent, and sending it again. */
export function deliveryCommands({ events, jobs, clock }: WebhookDeps) {
  const { database } = events;

  async function requireDelivery(address: WebhookAddress & { delivery: string }) {
    const webhook = await requireWebhook(database, address);
    const delivery = await findDelivery(database, { webhook: webhook.id, delivery: address.delivery });
    if (delivery === undefined) throw webhookErrors['delivery-not-found']({ delivery: address.delivery.slice(0, 100) });
    return { webhook, delivery };
  }

  return {
    /** Newest first. */
    async deliveries(
      address: WebhookAddress,
      page: { state?: DeliveryState | undefined; before?: number | undefined; limit: number },
    ): Promise<{ items: Delivery[]; next?: number }> {
      const { id } = await requireWebhook(database, address);
      const found = await listDeliveries(database, { webhook: id, ...page, limit: page.limit + 1 });
      const items = found.slice(0, page.limit);
      const last = items.at(-1);
      return { items, ...(found.length > page.limit && last !== undefined ? { next: last.sequence } : {}) };
    },

    /** With its body and the log of its attempts. */
    async delivery(address: WebhookAddress & { delivery: string }): Promise<DeliveryDetail> {
      return withLog(database, (await requireDelivery(address)).delivery);
    },

    /** Sends a delivery again, with the same id, at once and beside the queue; emits `webhook.redelivered`. */
    async redeliver(context: ChangeContext, address: WebhookAddress & { delivery: string }): Promise<DeliveryDetail> {
      const { webhook, delivery } = await requireDelivery(address);
      await events.change({ ...context, project: webhook.project }, async (change) => {
        await requeueDelivery(change, delivery, { attemptsUntil: delivery.attempts + mostAttempts, now: clock.now() });
        await jobs.enqueue(change, { kind: deliverJob, key: delivery.id, payload: {} });
        const data = { webhook: webhook.id, name: webhook.name, delivery: delivery.id };
        change.emit({ type: 'webhook.redelivered', source, subject: subjectOf(webhook), data });
      });
      return withLog(database, (await requireDelivery(address)).delivery);
    },
  };
}
