import type { PlaceWire, RevisionWire, RolloutWire } from '#serving/wire.ts';
import type { State } from '../ui/state-mark.tsx';

const activeRollouts: ReadonlySet<RolloutWire['state']> = new Set(['pending', 'progressing', 'judging', 'paused']);
/** An agent reports every second when something changed; after this silence nobody knows. */
const silentMs = 60_000;

export function isActiveRollout(rollout: RolloutWire | undefined): boolean {
  return rollout !== undefined && activeRollouts.has(rollout.state);
}

export function servingRevision(place: PlaceWire): RevisionWire | undefined {
  return place.revisions.find((revision) => revision.id === place.serving);
}

export interface PlaceState {
  readonly state: State;
  readonly word: string;
  /** Why, when not all is well. */
  readonly reason?: string;
}

/** How a deployment stands in one environment; `now` is the current time in epoch ms. */
export function placeState(place: PlaceWire, now: number): PlaceState {
  const serving = servingRevision(place);
  const trouble = serving?.replicas.find((replica) => replica.state === 'failing' || replica.state === 'backing-off');
  const ready = serving?.replicas.filter((replica) => replica.state === 'ready').length ?? 0;
  if (place.rollout?.state === 'paused')
    return { state: 'warning', word: 'rollout paused', ...(place.rollout.reason === undefined ? {} : { reason: place.rollout.reason }) };
  const [problem] = place.problems;
  if (problem !== undefined) return { state: 'failed', word: 'down', reason: problem };
  if (isActiveRollout(place.rollout)) return { state: 'running', word: 'rolling out' };
  if (serving === undefined) return { state: 'off', word: 'not serving' };
  if (ready === 0) return { state: 'failed', word: 'down', reason: trouble?.reason ?? 'No replica of the serving revision is ready.' };
  if (trouble !== undefined) return { state: 'warning', word: 'degraded', reason: trouble.reason ?? 'A replica does not stay up.' };
  if (place.agentReportedAt !== undefined && now - place.agentReportedAt > silentMs)
    return { state: 'unknown', word: 'silent', reason: 'The agent of this environment has not reported for a minute.' };
  return { state: 'ok', word: 'serving' };
}
