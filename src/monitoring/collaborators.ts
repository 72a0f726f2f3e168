import type { Signature } from '#kernel/inference/index.ts';

/** What monitoring asks of the modules below it, and no more. */
export interface Projects {
  /** @throws `identity.project-not-found` */
  project(name: string): Promise<unknown>;
}

export interface Deployments {
  /**
   * The entry of `deployments:` in the project's ripen.yaml by which the deployment runs, as parsed YAML: `monitoring`, `alerts` and
   * `objectives.availability` are read. Undefined when there is none; then the defaults watch.
   */
  declaration(project: string, deployment: string): Promise<unknown>;
}

export interface ModelVersions {
  /** Files by name to their digest: `reference.parquet` and `evaluation.json` are read where they are. */
  version(
    project: string,
    model: string,
    version: string,
  ): Promise<{ readonly files: Readonly<Record<string, string>>; readonly signature?: Signature | undefined }>;
}
