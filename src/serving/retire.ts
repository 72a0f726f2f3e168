import type { ChangeContext } from '#kernel/events/index.ts';
import { listRevisions } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import type { Environment } from './model.ts';
import { activeRollouts } from './rollout-store.ts';
import { deploymentIn, moveRevision, setWeights, source, subjectOf, type Workshop } from './service.ts';

/**
 * Ends every revision of a deployment in one environment: nothing answers there any more. The deployment and its history stay.
 * @throws `serving.deployment-not-found`, `serving.rollout-under-way`
 */
export async function retire(
  workshop: Workshop,
  context: ChangeContext,
  { project, deployment: name, environment }: { project: string; deployment: string; environment: Environment },
): Promise<void> {
  const place = { deployment: name, environment };
  await workshop.events.change({ ...context, project }, async (change) => {
    const deployment = await deploymentIn(change, project, place);
    const [running] = await activeRollouts(change, place);
    if (running !== undefined) throw servingErrors['rollout-under-way']({ ...place, rollout: running.id, state: running.state });
    const alive = await listRevisions(change, { ...place, states: ['starting', 'ready', 'serving'] });
    const time = workshop.clock.now();
    for (const revision of alive) await moveRevision(change, revision, { event: 'let-go', time, reason: 'the deployment was retired' });
    const noWeight = alive.map((revision) => [revision, 0] as const);
    await setWeights(change, place, noWeight);
    change.emit({ type: 'deployment.retired', source, subject: subjectOf(deployment), data: { ...place, revisions: alive.length } });
  });
  workshop.desiredChanged.notify();
}
