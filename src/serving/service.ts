import type { Change, EventLog } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { advanceDesiredVersion } from './account-store.ts';
import type { ModelVersions } from './collaborators.ts';
import { findDeployment, listRevisions, type Place, updateRevision } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import { type Deployment, type Revision, revisionTransitions, type RevisionEvent, transition } from './model.ts';
import type { Signal } from './signal.ts';

export const source = 'serving';

/** What the commands of this module work with. */
export interface Workshop extends Pick<Kernel, 'clock' | 'ids' | 'log'> {
  readonly events: EventLog;
  readonly projects: { project(name: string): Promise<{ readonly name: string }> };
  readonly registry: ModelVersions;
  /** After what an account should do has changed. */
  readonly desiredChanged: Signal;
  /** After a report of an agent has been worked in. */
  readonly reported: Signal;
}

/** @throws `serving.deployment-not-found` */
export async function deploymentIn(from: Workshop | Change, project: string, place: Place): Promise<Deployment> {
  const found = await findDeployment('events' in from ? from.events.database : from, place);
  if (found === undefined || found.project !== project) throw servingErrors['deployment-not-found']({ project, ...place });
  return found;
}

/** The revision with the traffic, and the one kept warm behind it. */
export async function currentRevisions(
  change: Parameters<typeof listRevisions>[0],
  place: Place,
): Promise<{ readonly serving: Revision | undefined; readonly warm: readonly Revision[] }> {
  const alive = await listRevisions(change, { ...place, states: ['ready', 'serving'] });
  return { serving: alive.find(({ state }) => state === 'serving'), warm: alive.filter(({ state }) => state === 'ready') };
}

/** Gives each revision its percentage, and says so to the agent. */
export async function setWeights(
  change: Change,
  place: Place,
  weights: readonly (readonly [Pick<Revision, 'id'> | undefined, number])[],
): Promise<number> {
  for (const [revision, weight] of weights) if (revision !== undefined) await updateRevision(change, revision.id, { weight });
  return advanceDesiredVersion(change, place.environment);
}

export async function moveRevision(
  change: Change,
  revision: Revision,
  { event, time, reason }: { readonly event: RevisionEvent; readonly time: number; readonly reason?: string },
): Promise<void> {
  const state = transition(revisionTransitions, revision.state, event);
  await updateRevision(change, revision.id, { state, stateAt: time, ...(reason === undefined ? {} : { reason }) });
}

export function subjectOf({ project, name }: Pick<Deployment, 'project' | 'name'>): string {
  return `projects/${project}/deployments/${name}`;
}
