import type { Queryable } from '#kernel/database/index.ts';
import { readAccount } from './account-store.ts';
import type { DesiredDeployment, DesiredRevision, DesiredState } from './agent-wire.ts';
import { listDeployments, listRevisions } from './deployment-store.ts';
import type { Deployment, Environment, Revision } from './model.ts';
import { activeRollouts } from './rollout-store.ts';

/** What the agent of an account should run and how it should route. */
export async function desiredState(from: Queryable, account: Environment): Promise<DesiredState> {
  // First the version: a change in between is then seen with the next version, never missed.
  const { desiredVersion } = await readAccount(from, account);
  const deployments = await listDeployments(from, { environment: account });
  const revisions = await listRevisions(from, { environment: account, states: ['starting', 'ready', 'serving'] });
  const rollouts = await activeRollouts(from);
  return {
    version: desiredVersion,
    deployments: deployments.map((deployment) => {
      const rollout = rollouts.find((each) => each.deployment === deployment.name && each.environment === account);
      const own = revisions.filter((revision) => revision.deployment === deployment.name);
      return desiredDeployment(deployment, { revisions: own, salt: rollout?.salt ?? deployment.name });
    }),
  };
}

function desiredDeployment(
  deployment: Deployment,
  { revisions, salt }: { revisions: readonly Revision[]; salt: string },
): DesiredDeployment {
  const { name, project, spec, environment } = deployment;
  return {
    deployment: name,
    project,
    revisions: revisions.map((revision) => desiredRevision(revision, spec.replicas[environment])),
    routing: { sticky: spec.sticky, salt },
    limits: spec.limits,
    score: spec.score,
    log: { predictions: spec.logPredictions },
  };
}

function desiredRevision(revision: Revision, replicas: number): DesiredRevision {
  const { id, number, model, modelVersion, modelDigest, signature, weight } = revision;
  return { revision: id, number, model, modelVersion, digest: modelDigest, signature, weight, replicas };
}
