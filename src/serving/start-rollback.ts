import { type Actor, type Change, systemActor } from '#kernel/events/index.ts';
import type { Revision, Rollback } from './model.ts';
import { insertRollback } from './rollout-store.ts';
import type { Workshop } from './service.ts';

/** Notes a rollback whose weights have just been set; the agent's next report finishes it. */
export async function startRollback(
  { ids, clock }: Workshop,
  change: Change,
  order: { from: Revision; to: Revision; reason: string; automatic: boolean; desiredVersion: number; actor?: Actor },
): Promise<string> {
  const rollback: Rollback = {
    id: ids.next(),
    deployment: order.from.deployment,
    environment: order.from.environment,
    fromRevision: order.from.id,
    toRevision: order.to.id,
    reason: order.reason,
    automatic: order.automatic,
    startedAt: clock.now(),
    desiredVersion: order.desiredVersion,
    finishedAt: undefined,
  };
  await insertRollback(change, rollback, order.actor ?? systemActor);
  return rollback.id;
}
