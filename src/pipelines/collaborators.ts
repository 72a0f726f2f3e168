import type { ChangeContext } from '#kernel/events/index.ts';

/** What pipelines ask of the modules below and beside them, and no more: each is a part of that module's public face. */

export interface Projects {
  /** @throws `identity.project-not-found` */
  project(name: string): Promise<{ readonly name: string; readonly path?: string | undefined }>;
}

export interface Producer {
  readonly kind: 'pipeline-run' | 'upload';
  readonly id: string;
}

/** What pipelines read of a snapshot. */
export interface SnapshotFacts {
  readonly dataset: string;
  readonly number: number;
  readonly digest: string;
  readonly rows: number;
}

export interface Data {
  readonly snapshots: {
    /** `dataset:flights` or `dataset:flights@4`. */
    resolve(project: string, reference: string): Promise<SnapshotFacts>;
    /** Puts all Parquet files of a snapshot into `directory`. */
    materialize(wanted: { project: string; dataset: string; snapshot: number; directory: string }): Promise<unknown>;
  };
  /**
   * Makes a file the next snapshot; the same bytes from the same producer are published once.
   * @throws `data.contract-broken` after the file went to quarantine
   */
  publish(
    context: ChangeContext,
    publication: {
      readonly project: string;
      readonly dataset: string;
      readonly file: { readonly path: string; readonly name?: string | undefined };
      readonly mode: 'append' | 'replace';
      readonly contract?: { readonly text: string; readonly name: string } | undefined;
      readonly producer: Producer;
    },
  ): Promise<{ readonly snapshot: SnapshotFacts }>;
}

export interface LogBatch {
  readonly metrics?:
    | readonly {
        readonly name: string;
        readonly value: number;
        readonly step?: number | undefined;
        readonly time?: number | undefined;
      }[]
    | undefined;
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface Tracking {
  startRun(
    context: ChangeContext,
    run: {
      readonly project: string;
      readonly experiment: string;
      readonly name?: string | undefined;
      readonly pipelineRun?: string | undefined;
      readonly codeDigest?: string | undefined;
      readonly environmentDigest?: string | undefined;
      readonly commit?: string | undefined;
      readonly dirty?: boolean | undefined;
      readonly computeTarget: string;
      readonly inputs: readonly { readonly dataset: string; readonly snapshot: number; readonly digest: string }[];
      /** Asking again with the same key gives the run of the first time. */
      readonly requestKey?: string | undefined;
    },
  ): Promise<{ readonly id: string }>;
  /** Datasets that the run read after it had begun. */
  addInputs(
    run: string,
    inputs: readonly { readonly dataset: string; readonly snapshot: number; readonly digest: string }[],
  ): Promise<unknown>;
  log(run: string, batch: LogBatch): Promise<unknown>;
  putArtifact(run: string, name: string, content: { readonly digest: string }): Promise<unknown>;
  finishRun(
    context: ChangeContext,
    run: string,
    end: {
      readonly outcome: 'finished' | 'failed' | 'killed';
      readonly cpuMs?: number | undefined;
      readonly peakMemoryBytes?: number | undefined;
    },
  ): Promise<unknown>;
}

export interface Registry {
  registerVersion(
    context: ChangeContext,
    version: {
      readonly project: string;
      readonly model: string;
      readonly run: string;
      readonly files: Readonly<Record<string, string>>;
      readonly snapshots: readonly { readonly dataset: string; readonly snapshot: number; readonly digest: string }[];
      readonly codeDigest: string;
      readonly environmentDigest: string;
      readonly commit?: string | undefined;
      readonly pipelineRun?: string | undefined;
    },
  ): Promise<{ readonly model: string; readonly version: number }>;
  /** Whether the model has this version with exactly these files: models are renamed and deleted. */
  isRegistered(
    project: string,
    version: { readonly model: string; readonly version: number; readonly files: Readonly<Record<string, string>> },
  ): Promise<boolean>;
}
