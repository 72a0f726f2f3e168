import type { Change, EventDraft } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { dashed, deliveryBody } from './body.ts';
import { type DeliveryId, eventName, webhookLimits } from './model.ts';
import { isTold, occurrencesOf } from './occurrences.ts';
import { insertDeliveries } from './queue-store.ts';
import { mostAttempts } from './retry.ts';
import { listWebhooks } from './webhook-store.ts';

export const deliverJob = 'webhooks.deliver';

/**
 * Writes what webhooks are to be told into their queues, in the transaction of the change itself: a change that is there has its deliveries,
 * and one that is not has none.
 */
export async function fillOutbox(
  { jobs, ids, clock }: Pick<Kernel, 'jobs' | 'ids' | 'clock'>,
  change: Change,
  { project, said }: { project: string; said: readonly EventDraft[] },
): Promise<void> {
  const told = said.filter(isTold);
  if (told.length === 0) return;
  const webhooks = (await listWebhooks(change, project, { limit: webhookLimits.perProject })).filter(({ status }) => status === 'active');
  if (webhooks.length === 0) return;
  const occurrences = await occurrencesOf(change, project, told);
  const now = clock.now();
  for (const webhook of webhooks) {
    const wanted = new Set(webhook.events.map(eventName));
    const deliveries = occurrences
      .filter(({ event }) => wanted.has(eventName(event)))
      .map(({ event, data }) => ({
        // Ids are UUIDs without dashes.
        id: dashed(ids.next()) as DeliveryId,
        webhook: webhook.id,
        event,
        body: deliveryBody(event, data, now),
        attemptsUntil: mostAttempts,
        now,
      }));
    if (deliveries.length === 0) continue;
    await insertDeliveries(change, deliveries);
    await jobs.enqueue(change, { kind: deliverJob, key: webhook.id, payload: {} });
  }
}
