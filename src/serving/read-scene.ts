import type { Queryable } from '#kernel/database/index.ts';
import type { RolloutScene } from './apply-move.ts';
import { findDeployment, findRevision } from './deployment-store.ts';
import type { Rollout } from './model.ts';
import { emptyRevisionTraffic } from './traffic-histograms.ts';
import { readTraffic } from './traffic-store.ts';

/** Everything a rollout is about, as it is now. */
export async function readScene(from: Queryable, rollout: Rollout): Promise<RolloutScene> {
  const deployment = await findDeployment(from, rollout);
  const candidate = await findRevision(from, rollout.revision);
  const stable = rollout.stable === undefined ? undefined : await findRevision(from, rollout.stable);
  if (deployment === undefined || candidate === undefined) throw new Error(`The rollout ${rollout.id} belongs to nothing`);
  const { range } = deployment.spec.score;
  const totals = {
    candidate: await readTraffic(from, candidate.id, range),
    stable: stable === undefined ? emptyRevisionTraffic(range) : await readTraffic(from, stable.id, range),
  };
  return { deployment, rollout, candidate, stable, totals };
}
