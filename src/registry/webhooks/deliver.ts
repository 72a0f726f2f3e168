import type { Job } from '#kernel/jobs/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { systemActor } from '#kernel/events/index.ts';
import { source } from '../service.ts';
import type { AddressRules } from './check-webhook.ts';
import type { QueuedDelivery } from './delivery-rows.ts';
import { type Attempt, type DeliveryState, deliveryStates, type SendOutcome, subjectOf } from './model.ts';
import { deliverJob } from './outbox.ts';
import { type DeliveryChange, nextOfQueue, recordAttempt } from './queue-store.ts';
import { mostAttempts, retryPause } from './retry.ts';
import type { SecretBox } from './secrets.ts';
import { sendDelivery } from './send.ts';
import { findWebhook, type StoredWebhook } from './webhook-store.ts';

export interface DelivererDeps extends Pick<Kernel, 'clock' | 'events' | 'jobs' | 'log'> {
  readonly secrets: SecretBox;
  readonly rules: AddressRules;
  /** In [0, 1); for the pauses. */
  readonly random?: () => number;
  /** For one attempt, ms. */
  readonly timeout?: number;
}

const defaultTimeout = 30_000;
/** Then the other queues have their turn. */
const atOnce = 50;

/**
 * Sends what waits in one queue, one after the other. Each attempt is written down before the next one begins; a process that is killed in
 * between leaves the delivery where it was, and it is sent again with the same id.
 */
export function createDeliverer(deps: DelivererDeps) {
  const { clock, events, jobs } = deps;
  return async (job: Job, signal: AbortSignal): Promise<void> => {
    const queue = job.key ?? '';
    for (let count = 0; ; count++) {
      signal.throwIfAborted();
      const delivery = await nextOfQueue(events.database, queue);
      if (delivery === undefined) return;
      const webhook = await findWebhook(events.database, delivery.webhook);
      // Becoming active again puts the queue back to work.
      if (webhook?.status !== 'active') return;
      const due = delivery.nextAt ?? 0;
      if (due > clock.now() || count >= atOnce) {
        await jobs.enqueue(events.database, { kind: deliverJob, key: queue, payload: {}, runAt: Math.max(due, clock.now()) });
        return;
      }
      await attempt(deps, { webhook, delivery }, signal);
    }
  };
}

interface Sending {
  readonly webhook: StoredWebhook;
  readonly delivery: QueuedDelivery;
}

async function attempt(deps: DelivererDeps, { webhook, delivery }: Sending, signal: AbortSignal): Promise<void> {
  const at = deps.clock.now();
  const timer = performance.now();
  const outcome = await trySending(deps, { webhook, id: delivery.id, body: delivery.body, signal });
  const took = Math.round(performance.now() - timer);
  const { status, response, problem } = outcome;
  await record(deps, { webhook, delivery, outcome }, { number: delivery.attempts + 1, at, took, status, response, problem });
}

/** One request to a webhook. @throws the signal's reason */
export async function trySending(
  { secrets, rules, clock, timeout = defaultTimeout }: Pick<DelivererDeps, 'secrets' | 'rules' | 'clock' | 'timeout'>,
  { webhook, id, body, signal }: { webhook: StoredWebhook; id: string; body: string; signal: AbortSignal },
): Promise<SendOutcome> {
  let secret: string | undefined;
  try {
    secret = webhook.sealedSecret === undefined ? undefined : secrets.open(webhook.sealedSecret, webhook.id);
  } catch (error) {
    // Unsigned it must not go out; with the key put back it can.
    const problem = error instanceof Error ? error.message : String(error);
    return { ok: false, retry: true, status: undefined, response: undefined, problem, retryAfter: undefined };
  }
  return sendDelivery({ id, url: webhook.url, body, secret }, { rules, now: clock.now(), signal, timeout });
}

async function record(
  { clock, events, log, random = Math.random }: DelivererDeps,
  { webhook, delivery, outcome }: Sending & { readonly outcome: SendOutcome },
  made: Attempt,
): Promise<void> {
  const result = outcome.ok ? 'answered' : outcome.retry && made.number < delivery.attemptsUntil ? 'later' : 'refused';
  const now = clock.now();
  const state: DeliveryState = deliveryStates.pending[result];
  const change: DeliveryChange =
    state === 'pending'
      ? { state, nextAt: now + retryPause(retriesOf(delivery), outcome.retryAfter, random), finishedAt: undefined }
      : { state, nextAt: undefined, finishedAt: now };
  if (state !== 'failed') return events.database.transaction((tx) => recordAttempt(tx, delivery.sequence, made, change));
  log.warn({ webhook: webhook.id, delivery: delivery.id, problem: made.problem }, 'a webhook delivery was given up');
  await events.change({ actor: systemActor, project: webhook.project }, async (tx) => {
    await recordAttempt(tx, delivery.sequence, made, change);
    const data = { webhook: webhook.id, name: webhook.name, delivery: delivery.id, attempts: made.number, problem: made.problem };
    tx.emit({ type: 'webhook.delivery-failed', source, subject: subjectOf(webhook), data });
  });
}

/** Attempts since it was put into its queue, this one included. */
function retriesOf({ attempts, attemptsUntil }: QueuedDelivery): number {
  return attempts + 1 - (attemptsUntil - mostAttempts);
}
