import type { Actor, Change, ChangeContext } from '#kernel/events/index.ts';
import { endWithout } from './apply-move.ts';
import { findDeployment, findRevision, type Place } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import type { Environment, Rollback } from './model.ts';
import { readScene } from './read-scene.ts';
import { activeRollouts, findRollback, finishRollback, openRollbacks } from './rollout-store.ts';
import { currentRevisions, deploymentIn, moveRevision, setWeights, source, subjectOf, type Workshop } from './service.ts';
import { startRollback } from './start-rollback.ts';

/** How long a command waits for the agent to move the traffic. */
const patienceMs = 10_000;

export interface RollbackInput {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
  readonly reason: string;
}

/**
 * Gives all traffic back to the previous revision, or ends the rollout that is under way. Returns when the traffic has moved, or after
 * ten seconds with `finishedAt` undefined: then it moves as soon as the agent is back.
 * @throws `serving.deployment-not-found`, `serving.nothing-to-roll-back-to`
 */
export async function rollBack(workshop: Workshop, context: ChangeContext, input: RollbackInput): Promise<Rollback> {
  const place = { deployment: input.deployment, environment: input.environment };
  const { project, reason } = input;
  await deploymentIn(workshop, project, place);
  const id = await workshop.events.change({ ...context, project }, async (change) => {
    const deployment = await deploymentIn(change, project, place);
    const [running] = await activeRollouts(change, place);
    const order = { reason, actor: context.actor };
    const started =
      running === undefined
        ? await returnToPrevious(workshop, change, { place, ...order })
        : await endWithout(workshop, change, { scene: await readScene(change, running), event: 'abort', automatic: false, ...order });
    if (started === undefined) throw servingErrors['nothing-to-roll-back-to'](place);
    change.emit({ type: 'rollback.ordered', source, subject: subjectOf(deployment), data: { ...place, reason } });
    return started;
  });
  workshop.desiredChanged.notify();
  return waitForTraffic(workshop, id, place);
}

async function returnToPrevious(
  workshop: Workshop,
  change: Change,
  { place, reason, actor }: { place: Place; reason: string; actor: Actor },
): Promise<string | undefined> {
  const { serving, warm } = await currentRevisions(change, place);
  const [previous] = warm;
  if (serving === undefined || previous === undefined) return undefined;
  const time = workshop.clock.now();
  const desiredVersion = await setWeights(change, place, [
    [serving, 0],
    [previous, 100],
  ]);
  await moveRevision(change, serving, { event: 'let-go', time, reason });
  await moveRevision(change, previous, { event: 'got-all-traffic', time });
  return startRollback(workshop, change, { from: serving, to: previous, reason, automatic: false, desiredVersion, actor });
}

async function waitForTraffic(workshop: Workshop, id: string, place: Place): Promise<Rollback> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const rollback = await findRollback(workshop.events.database, id);
    if (rollback === undefined) throw servingErrors['nothing-to-roll-back-to'](place);
    const left = until - performance.now();
    if (rollback.finishedAt !== undefined || left <= 0) return rollback;
    await workshop.reported.wait(Math.min(left, 250));
  }
}

/** Says of every rollback that the agent has carried out by now that it is done. */
export async function finishRollbacks(workshop: Workshop, account: Environment, applied: number): Promise<void> {
  const done = (await openRollbacks(workshop.events.database)).filter(
    ({ rollback }) => rollback.environment === account && rollback.desiredVersion <= applied,
  );
  for (const { rollback, actor } of done) await finishOne(workshop, rollback, actor);
}

async function finishOne({ events, clock }: Workshop, rollback: Rollback, actor: Actor): Promise<void> {
  const [from, to] = await Promise.all([
    findRevision(events.database, rollback.fromRevision),
    findRevision(events.database, rollback.toRevision),
  ]);
  const deployment = await findDeployment(events.database, rollback);
  const project = deployment?.project ?? '';
  await events.change({ actor, project }, async (change) => {
    const still = await findRollback(change, rollback.id);
    if (still === undefined || still.finishedAt !== undefined) return;
    const time = clock.now();
    await finishRollback(change, rollback.id, time);
    change.emit({
      type: 'service.rolled-back',
      source,
      subject: subjectOf({ project, name: rollback.deployment }),
      data: {
        deployment: rollback.deployment,
        environment: rollback.environment,
        fromRevision: rollback.fromRevision,
        toRevision: rollback.toRevision,
        fromVersion: from?.modelVersion,
        toVersion: to?.modelVersion,
        reason: rollback.reason,
        automatic: rollback.automatic,
        durationMs: Math.max(0, time - rollback.startedAt),
      },
    });
  });
}
