import { rm } from 'node:fs/promises';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Policy } from '#policy/index.ts';
import type { Data, Pipelines, Projects, Registry, Serving } from './collaborators.ts';
import { startContinuousDelivery } from './continuous-delivery.ts';
import type { SectionParser } from './deployment-file.ts';
import { createReleaseDriver } from './drive-releases.ts';
import { deliveryEndpoints } from './endpoints.ts';
import { type GateDeps, gateDirectory } from './evaluate-release.ts';
import { followRollbacks } from './follow-rollbacks.ts';
import { createProjectDeployments, type ProjectDeployments } from './project-deployments.ts';
import { createReleases, type Releases } from './releases.ts';

export interface AssemblyDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'log' | 'home' | 'instance' | 'events' | 'objects' | 'analytics' | 'jobs'>;
  readonly policy: Policy;
  readonly projects: Projects;
  readonly registry: Registry;
  readonly data: Data;
  readonly pipelines: Pipelines;
  readonly serving: Serving;
  /** The parsers of the other modules for their keys of a deployment in ripen.yaml. */
  readonly sections: readonly SectionParser[];
  readonly gateWorker?: GateDeps['worker'];
}

export interface Delivery extends Releases {
  /** What ripen.yaml declares under `deployments:`. */
  readonly deployments: ProjectDeployments;
  readonly endpoints: readonly Endpoint[];
  /** Before `kernel.jobs.start`. Takes up releases that were under way and follows finished pipeline runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Delivery over what it asks of other modules, so that a test can give it less than whole modules. */
export function assembleDelivery(deps: AssemblyDeps): Delivery {
  const { kernel, gateWorker: worker } = deps;
  const { objects } = kernel;
  const deployments = createProjectDeployments(deps.projects, deps.sections);
  const driver = createReleaseDriver({ ...deps, objects, worker });
  const releases = createReleases({ ...deps, deployments, driver });
  driver.define();
  let following: readonly (() => Promise<void>)[] = [];
  return {
    ...releases,
    deployments,
    endpoints: deliveryEndpoints(releases, deployments),
    async start() {
      // What a killed server left behind.
      await rm(gateDirectory(kernel.home), { recursive: true, force: true });
      await driver.resume();
      following = [startContinuousDelivery({ kernel, pipelines: deps.pipelines, deployments, releases }), followRollbacks(deps)];
    },
    async stop() {
      await Promise.all(following.map((stop) => stop()));
    },
  };
}
