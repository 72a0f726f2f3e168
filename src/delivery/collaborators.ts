import type { ChangeContext } from '#kernel/events/index.ts';
import type { Signature } from './gates/gate-facts.ts';
import type { Environment } from './model.ts';

/** What delivery asks of the modules below it, and no more. */

export interface Projects {
  /** @throws `identity.project-not-found` */
  project(name: string): Promise<{ readonly name: string; readonly path?: string | undefined }>;
}

export interface RegisteredVersion {
  readonly model: string;
  readonly version: number;
  /** Of the model version. */
  readonly digest: string;
  /** No longer to be used. */
  readonly archived?: boolean | undefined;
  /** Digests of its files by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly signature: Signature | undefined;
  readonly snapshots: readonly { readonly dataset: string; readonly snapshot: number }[];
}

export interface Registry {
  /** @throws `registry.version-not-found` */
  version(project: string, model: string, version: number): Promise<RegisteredVersion>;
  setAlias(context: ChangeContext, alias: { project: string; model: string; version: number; alias: string }): Promise<unknown>;
}

/** One load of a dataset and how its contract went. */
export interface LoadedSnapshot {
  readonly mode: 'append' | 'replace';
  readonly parent: number | undefined;
  readonly contract: { readonly rules: readonly { readonly passed: boolean }[] } | undefined;
}

export interface Data {
  snapshot(project: string, dataset: string, number: number): Promise<LoadedSnapshot>;
}

export interface Pipelines {
  pipelineRun(
    project: string,
    id: string,
  ): Promise<{
    readonly trigger: { readonly kind: string };
    readonly registered: { readonly model: string; readonly version: number } | undefined;
  }>;
}

/** How far a release has come in one environment. */
export type DeployProgress =
  | { readonly state: 'moving'; readonly revision: string; readonly note: string }
  | { readonly state: 'serving'; readonly revision: string }
  /** Traffic went back to what served before, or never came. */
  | { readonly state: 'rolled-back' | 'failed'; readonly revision: string; readonly reason: string };

export interface Place {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
}

export interface PredictionAnswer {
  readonly status: number;
  /** Parsed JSON of the Open Inference Protocol. */
  readonly body: unknown;
}

export interface Serving {
  /** Makes the deployment, or takes over its new specification. */
  ensureDeployment(context: ChangeContext, deployment: Place & { readonly spec: unknown }): Promise<unknown>;
  deploy(
    context: ChangeContext,
    order: Place & {
      readonly version: number;
      readonly release: string;
      readonly cause: 'release' | 'retrain';
      readonly strategy: 'canary' | 'all-at-once';
    },
  ): Promise<unknown>;
  /** How far this release has come there; undefined when it was never deployed there. */
  progress(place: Place, release: string): Promise<DeployProgress | undefined>;
  /** The version that has the traffic now; undefined when there is none. Must throw when it cannot be known. */
  serving(place: Place): Promise<{ readonly version: number } | undefined>;
  /** Stops the rollout of a release and gives the traffic back. Does nothing when it is over. */
  abort(context: ChangeContext, place: Place, stop: { readonly release: string; readonly reason: string }): Promise<unknown>;
  /** Sends an Open Inference Protocol request to a revision through the gateway. */
  predict(
    place: Place,
    request: { readonly revision: string; readonly body: unknown; readonly signal: AbortSignal },
  ): Promise<PredictionAnswer>;
}
