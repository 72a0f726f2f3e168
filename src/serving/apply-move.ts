import type { Actor, Change } from '#kernel/events/index.ts';
import { listRevisions } from './deployment-store.ts';
import {
  type Baseline,
  type Deployment,
  type Measurement,
  type Revision,
  type Rollout,
  type RolloutEvent,
  rolloutTransitions,
  transition,
} from './model.ts';
import { type RolloutMove, weightOf } from './rollout-moves.ts';
import type { RolloutJudgement } from './rollout-statistics.ts';
import { putRollout } from './rollout-store.ts';
import { moveRevision, setWeights, source, subjectOf, type Workshop } from './service.ts';
import { startRollback } from './start-rollback.ts';

/** A rollout with all it is about, read in the transaction that changes it. */
export interface RolloutScene {
  readonly deployment: Deployment;
  readonly rollout: Rollout;
  readonly candidate: Revision;
  readonly stable: Revision | undefined;
  /** What both have answered up to now. */
  readonly totals: Baseline;
}

export function afterEvent(rollout: Rollout, event: RolloutEvent, time: number): Rollout {
  return { ...rollout, state: transition(rolloutTransitions, rollout.state, event), stateAt: time };
}

/** Does what `nextMove` said: rows and events, in the given transaction. */
export async function applyMove(
  workshop: Workshop,
  change: Change,
  { scene, move }: { scene: RolloutScene; move: RolloutMove },
): Promise<void> {
  const time = workshop.clock.now();
  switch (move.kind) {
    case 'wait':
      return;
    case 'set-weight':
      return setWeight(change, scene, { step: move.step, judgement: move.judgement, time });
    case 'begin-judging':
      // What was counted before a pause still counts.
      return putRollout(change, { ...afterEvent(scene.rollout, 'weight-applied', time), baseline: scene.rollout.baseline ?? scene.totals });
    case 'promote':
      return promote(change, scene, time);
    case 'extend':
      return putRollout(change, {
        ...judged(change, scene, { judgement: move.judgement, time }),
        extensions: scene.rollout.extensions + 1,
      });
    case 'pause': {
      const reason = `the step at ${weightOf(scene.rollout)}% could not be decided in time`;
      const rollout = judged(change, scene, { judgement: move.judgement, time });
      change.emit({ type: 'rollout.paused', source, subject: subjectOf(scene.deployment), data: { ...factsOf(scene), reason } });
      return putRollout(change, { ...afterEvent(rollout, 'pause', time), reason });
    }
    case 'fail': {
      const rollout = move.judgement === undefined ? scene.rollout : judged(change, scene, { judgement: move.judgement, time });
      await endWithout(workshop, change, { scene: { ...scene, rollout }, event: 'failed', reason: move.reason, automatic: true });
      return;
    }
  }
}

async function setWeight(
  change: Change,
  scene: RolloutScene,
  { step, judgement, time }: { step: number; judgement: RolloutJudgement | undefined; time: number },
): Promise<void> {
  const { candidate, stable } = scene;
  const rollout = judgement === undefined ? scene.rollout : judged(change, scene, { judgement, time });
  if (candidate.state === 'starting') await moveRevision(change, candidate, { event: 'became-ready', time });
  const weight = weightOf({ steps: rollout.steps, step });
  const desiredVersion = await setWeights(change, rollout, [
    [candidate, weight],
    [stable, 100 - weight],
  ]);
  const event = rollout.state === 'pending' ? 'candidate-ready' : 'step-passed';
  await putRollout(change, { ...afterEvent(rollout, event, time), step, desiredVersion, baseline: undefined, extensions: 0 });
}

function judged(
  change: Change,
  { deployment, rollout, candidate }: RolloutScene,
  { judgement, time }: { judgement: RolloutJudgement; time: number },
): Rollout {
  const weight = weightOf(rollout);
  const { verdict, checks } = judgement;
  const measurement: Measurement = { step: rollout.step, weight, time, verdict, checks };
  change.emit({
    type: 'rollout.step.judged',
    source,
    subject: subjectOf(deployment),
    data: {
      rollout: rollout.id,
      deployment: deployment.name,
      environment: rollout.environment,
      revision: candidate.id,
      weight,
      verdict,
      checks: checks.map((check) => ({ ...check })),
    },
  });
  return { ...rollout, measurements: [...rollout.measurements, measurement] };
}

async function promote(change: Change, scene: RolloutScene, time: number): Promise<void> {
  const { deployment, rollout, candidate, stable } = scene;
  await moveRevision(change, candidate, { event: 'got-all-traffic', time });
  if (stable !== undefined) await moveRevision(change, stable, { event: 'lost-traffic', time });
  const warm = await listRevisions(change, { deployment: deployment.name, environment: rollout.environment, states: ['ready'] });
  for (const old of warm) {
    // One earlier revision stays warm for a rollback.
    if (old.id !== candidate.id && old.id !== stable?.id) await moveRevision(change, old, { event: 'let-go', time });
  }
  await setWeights(change, rollout, []);
  await putRollout(change, { ...afterEvent(rollout, 'all-moved', time), finishedAt: time });
  const { id: revision, model, modelVersion: version, digest, release, cause } = candidate;
  const subject = subjectOf(deployment);
  const data = { deployment: deployment.name, environment: rollout.environment, model, version, revision, digest, release, cause };
  change.emit({ type: 'service.deployed', source, subject, data });
  change.emit({ type: 'rollout.finished', source, subject, data: { ...factsOf(scene), outcome: 'promoted' } });
}

/** Ends a rollout without its candidate: the stable revision gets everything back. */
export async function endWithout(
  workshop: Workshop,
  change: Change,
  order: { scene: RolloutScene; event: 'failed' | 'abort'; reason: string; automatic: boolean; actor?: Actor },
): Promise<string | undefined> {
  const { scene, event, reason, automatic, actor } = order;
  const { deployment, rollout, candidate, stable } = scene;
  const time = workshop.clock.now();
  const desiredVersion = await setWeights(change, rollout, [
    [candidate, 0],
    [stable, 100],
  ]);
  await moveRevision(change, candidate, { event: event === 'failed' ? 'gave-up' : 'let-go', time, reason });
  await putRollout(change, { ...afterEvent(rollout, event, time), desiredVersion, reason, finishedAt: time });
  change.emit({
    type: 'rollout.finished',
    source,
    subject: subjectOf(deployment),
    data: { ...factsOf(scene), outcome: 'rolled-back', reason, automatic },
  });
  // A candidate that never had traffic takes none away, unless somebody asked for it.
  if (stable === undefined || (candidate.weight === 0 && automatic)) return undefined;
  return startRollback(workshop, change, {
    from: candidate,
    to: stable,
    reason,
    automatic,
    desiredVersion,
    ...(actor === undefined ? {} : { actor }),
  });
}

function factsOf({ deployment, rollout, candidate }: RolloutScene) {
  return {
    rollout: rollout.id,
    deployment: deployment.name,
    environment: rollout.environment,
    revision: candidate.id,
    version: candidate.modelVersion,
  };
}
