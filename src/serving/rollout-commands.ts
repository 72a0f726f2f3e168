import type { ChangeContext } from '#kernel/events/index.ts';
import { afterEvent, endWithout } from './apply-move.ts';
import { servingErrors } from './errors.ts';
import { isActive, type Rollout } from './model.ts';
import { readScene } from './read-scene.ts';
import { findRollout, putRollout } from './rollout-store.ts';
import { source, subjectOf, type Workshop } from './service.ts';

export type RolloutAction = 'pause' | 'resume' | 'abort';

export interface RolloutOrder {
  readonly project: string;
  readonly rollout: string;
  readonly action: RolloutAction;
  readonly reason?: string | undefined;
}

const mayHappen: Readonly<Record<RolloutAction, (rollout: Rollout) => boolean>> = {
  pause: ({ state }) => state === 'progressing' || state === 'judging',
  resume: ({ state }) => state === 'paused',
  abort: ({ state }) => isActive(state),
};

/**
 * Holds a rollout where it is, lets it go on, or ends it and gives the traffic back.
 * @throws `serving.rollout-not-found`, `serving.rollout-state`
 */
export async function orderRollout(workshop: Workshop, context: ChangeContext, order: RolloutOrder): Promise<Rollout> {
  const { project, action } = order;
  const reason = order.reason ?? `${action} by ${context.actor.name}`;
  const changed = await workshop.events.change({ ...context, project }, async (change) => {
    const rollout = await findRollout(change, order.rollout);
    const scene = rollout && (await readScene(change, rollout));
    if (rollout === undefined || scene?.deployment.project !== project)
      throw servingErrors['rollout-not-found']({ rollout: order.rollout });
    if (!mayHappen[action](rollout)) throw servingErrors['rollout-state']({ rollout: rollout.id, state: rollout.state, action });
    if (action === 'abort') {
      await endWithout(workshop, change, { scene, event: 'abort', reason, automatic: false, actor: context.actor });
      return rollout.id;
    }
    // Time that passed while it was held does not count against the step.
    await putRollout(change, {
      ...afterEvent(rollout, action, workshop.clock.now()),
      reason: action === 'pause' ? reason : undefined,
      extensions: 0,
    });
    const { deployment, environment, revision } = rollout;
    const data = { rollout: rollout.id, deployment, environment, revision, reason };
    change.emit({ type: action === 'pause' ? 'rollout.paused' : 'rollout.resumed', source, subject: subjectOf(scene.deployment), data });
    return rollout.id;
  });
  workshop.desiredChanged.notify();
  const rollout = await findRollout(workshop.events.database, changed);
  if (rollout === undefined) throw servingErrors['rollout-not-found']({ rollout: order.rollout });
  return rollout;
}
