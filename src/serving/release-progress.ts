import type { ChangeContext } from '#kernel/events/index.ts';
import { endWithout } from './apply-move.ts';
import { listRevisions, type Place } from './deployment-store.ts';
import { isActive, type Revision, type Rollout } from './model.ts';
import { readScene } from './read-scene.ts';
import { weightOf } from './rollout-moves.ts';
import { activeRollouts, recentRollouts } from './rollout-store.ts';
import type { Workshop } from './service.ts';

/** How far a release has come in one environment. */
export type DeployProgress =
  | { readonly state: 'moving'; readonly revision: string; readonly note: string }
  | { readonly state: 'serving'; readonly revision: string }
  /** Traffic went back to what served before, or never came. */
  | { readonly state: 'rolled-back' | 'failed'; readonly revision: string; readonly reason: string };

const searched = 1000;

/** Undefined when the release was never deployed there. */
export async function releaseProgress(
  { events: { database } }: Workshop,
  place: Place,
  release: string,
): Promise<DeployProgress | undefined> {
  const revision = (await listRevisions(database, { deployment: place.deployment, environment: place.environment, limit: searched })).find(
    (each) => each.release === release,
  );
  if (revision === undefined) return undefined;
  const rollout = (await recentRollouts(database, place, searched)).find((each) => each.revision === revision.id);
  return progressOf(revision, rollout);
}

function progressOf(revision: Revision, rollout: Rollout | undefined): DeployProgress {
  const { id, state } = revision;
  if (state === 'serving') return { state: 'serving', revision: id };
  if (rollout !== undefined && isActive(rollout.state)) return { state: 'moving', revision: id, note: noteOf(rollout) };
  const reason = revision.reason ?? rollout?.reason ?? 'another revision has the traffic';
  return { state: rollout?.stable === undefined ? 'failed' : 'rolled-back', revision: id, reason };
}

function noteOf(rollout: Rollout): string {
  if (rollout.state === 'pending') return 'its replicas start';
  if (rollout.state === 'paused') return `held at ${weightOf(rollout)}%: ${rollout.reason ?? 'by order'}`;
  return `${weightOf(rollout)}% of the traffic, step ${rollout.step + 1} of ${rollout.steps.length}`;
}

/** Ends the rollout of a release; does nothing when it is over. */
export async function abortRelease(
  workshop: Workshop,
  context: ChangeContext,
  stop: { readonly place: Place & { readonly project: string }; readonly release: string; readonly reason: string },
): Promise<void> {
  const { place, release, reason } = stop;
  await workshop.events.change({ ...context, project: place.project }, async (change) => {
    const [running] = await activeRollouts(change, place);
    const scene = running && (await readScene(change, running));
    if (scene === undefined || scene.candidate.release !== release || scene.deployment.project !== place.project) return;
    await endWithout(workshop, change, { scene, event: 'abort', reason, automatic: false, actor: context.actor });
  });
  workshop.desiredChanged.notify();
}
