import { present } from '#kernel/present.ts';
import { histogramQuantile } from '#kernel/statistics/index.ts';
import type { Account } from './account-store.ts';
import { isSpecComplete } from './deployment-spec.ts';
import { type Deployment, type Replica, type Revision, type RevisionTraffic, type Rollback, type Rollout } from './model.ts';
import type { PlaceWire, RevisionWire, RollbackWire, RolloutWire } from './wire.ts';

export function rolloutWire(rollout: Rollout): RolloutWire {
  const { id, deployment, environment, revision, strategy, step, state, startedAt, stateAt } = rollout;
  const { stable, finishedAt, reason } = rollout;
  return {
    id,
    deployment,
    environment,
    revision,
    strategy,
    step,
    state,
    startedAt,
    stateAt,
    steps: [...rollout.steps],
    ...present({ stable, finishedAt, reason }),
    measurements: rollout.measurements.map((each) => ({ ...each, checks: each.checks.map((check) => present({ ...check })) })),
  };
}

export function trafficWire({
  requests,
  rows,
  errors,
  latency,
}: Pick<RevisionTraffic, 'requests' | 'rows' | 'errors' | 'latency'>): RevisionWire['traffic'] {
  const quantiles = { latencyP50Ms: histogramQuantile(latency, 0.5), latencyP99Ms: histogramQuantile(latency, 0.99) };
  return { requests, rows, errors, ...present(quantiles) };
}

export function revisionWire(
  revision: Revision,
  { replicas, traffic }: { replicas: readonly Replica[]; traffic: RevisionTraffic },
): RevisionWire {
  const { id, number, model, modelVersion, digest, state, weight, cause, createdAt, stateAt, signature, release, reason } = revision;
  const specs = (side: Revision['signature']['inputs']) => side.map((spec) => ({ ...spec, shape: [...spec.shape] }));
  return {
    id,
    number,
    model,
    modelVersion,
    digest,
    state,
    weight,
    cause,
    createdAt,
    stateAt,
    ...present({ release, reason }),
    signature: { inputs: specs(signature.inputs), outputs: specs(signature.outputs) },
    replicas: replicas.map(({ replica, state: replicaState, restarts, pid, startedAt, reason: why }) => ({
      replica,
      state: replicaState,
      restarts,
      ...present({ pid, startedAt, reason: why }),
    })),
    traffic: trafficWire(traffic),
  };
}

export interface PlaceView {
  readonly account: Account;
  readonly revisions: readonly RevisionWire[];
  readonly previous: string | undefined;
  readonly rollout: Rollout | undefined;
}

export function placeWire(deployment: Deployment, { account, revisions, previous, rollout }: PlaceView): PlaceWire {
  const { name, environment, model, spec, createdAt } = deployment;
  const { gateway, reportedAt: agentReportedAt, spool } = account;
  const inferUrl = gateway === undefined ? undefined : `${gateway}/v2/models/${name}/infer`;
  const serving = revisions.find(({ state }) => state === 'serving')?.id;
  return {
    environment,
    model,
    createdAt,
    spec: { ...spec },
    specComplete: isSpecComplete(spec),
    revisions: [...revisions],
    problems: [...account.problems],
    ...present({ gateway, inferUrl, agentReportedAt, spool, serving, previous, rollout: rollout && rolloutWire(rollout) }),
  };
}

export function rollbackWire({ finishedAt, ...rollback }: Rollback): RollbackWire {
  return { ...rollback, ...present({ finishedAt }) };
}
