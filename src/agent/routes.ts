import { createRoute, type DesiredDeployment, type DesiredRevision } from '#serving/index.ts';
import type { RevisionRunner } from './revision-runner.ts';
import type { RevisionTraffic } from './traffic.ts';

/** One revision as the gateway meets it. */
export interface Target {
  readonly revision: DesiredRevision;
  readonly runner: RevisionRunner;
  readonly traffic: RevisionTraffic;
}

export interface DeploymentRoute {
  readonly deployment: DesiredDeployment;
  readonly targets: readonly Target[];
  /** By the weights; undefined while no revision has any. */
  byKey(key: string): Target | undefined;
  /** The newest revision of a model version, also one without weight. */
  byVersion(version: string): Target | undefined;
  byRevision(id: string): Target | undefined;
}

export type Routes = ReadonlyMap<string, DeploymentRoute>;

interface Parts {
  readonly runnerOf: (revision: DesiredRevision, deployment: DesiredDeployment) => RevisionRunner;
  readonly trafficOf: (revision: string) => RevisionTraffic | undefined;
}

export function buildRoutes(deployments: readonly DesiredDeployment[], parts: Parts): Routes {
  return new Map(deployments.map((deployment) => [deployment.deployment, buildRoute(deployment, parts)]));
}

function buildRoute(deployment: DesiredDeployment, { runnerOf, trafficOf }: Parts): DeploymentRoute {
  const targets = deployment.revisions.flatMap((revision): Target[] => {
    const runner = runnerOf(revision, deployment);
    const traffic = trafficOf(revision.revision);
    return traffic === undefined ? [] : [{ revision, runner, traffic }];
  });
  const byRevision = new Map(targets.map((target) => [target.revision.revision, target]));
  const weighted = targets
    .filter(({ revision }) => revision.weight > 0)
    .map(({ revision: { revision, weight } }) => ({ revision, weight }));
  // The newest comes first, so that a growing weight only adds keys to it.
  const route = weighted.length === 0 ? undefined : createRoute(deployment.routing.salt, weighted);
  return {
    deployment,
    targets,
    byKey: (key) => (route === undefined ? undefined : byRevision.get(route(key))),
    byVersion: (version) => targets.find(({ revision }) => revision.modelVersion === version),
    byRevision: (id) => byRevision.get(id),
  };
}
