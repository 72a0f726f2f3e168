import type { LoggedModelState } from '../logged-models/model.ts';
import type { RunInput, RunModel, RunState } from '../model.ts';
import type { TraceDraft } from '../traces/record-trace.ts';

/** What is brought over from another tracking server, with the ids and times it has there. Times are epoch milliseconds. */

/** Kinds of things whose progress is marked. */
export const markKinds = ['experiment', 'run', 'logged-model', 'trace', 'model', 'evaluation-dataset'] as const;
export type MarkKind = (typeof markKinds)[number];

export interface ImportedExperiment {
  /** Its id at the source. A number that is free here stays its number. */
  readonly id: string;
  readonly name: string;
  readonly artifactLocation?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where an experiment of the source is now. */
export interface PlacedExperiment {
  readonly id: string;
  readonly experimentId: string;
  readonly sequence: number;
  readonly name: string;
  /** False for one that was here by that name before anything was imported. */
  readonly imported: boolean;
  /** True when this call made it. */
  readonly created: boolean;
  readonly deleted: boolean;
}

/** Points of one metric, column by column. */
export interface ImportedSeries {
  readonly name: string;
  readonly steps: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

export interface ImportedRun {
  readonly id: string;
  /** Number of its experiment here. */
  readonly experiment: number;
  readonly name?: string | undefined;
  readonly state: Exclude<RunState, 'created'>;
  readonly startedAt: number;
  readonly finishedAt?: number | undefined;
  readonly user?: string | undefined;
  readonly parentRun?: string | undefined;
  readonly commit?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly inputs: readonly RunInput[];
  readonly inputModels: readonly RunModel[];
  readonly outputModels: readonly RunModel[];
  readonly metrics: readonly ImportedSeries[];
}

export interface ImportedLoggedModel {
  readonly id: string;
  readonly experiment: number;
  readonly name: string;
  readonly state: LoggedModelState;
  readonly modelType?: string | undefined;
  readonly sourceRun?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ImportedTrace extends Omit<TraceDraft, 'project' | 'experiment'> {
  readonly experiment: number;
  /** JSON with a list `spans`, as MLflow clients write it into `traces.json`. */
  readonly spans?: string | undefined;
  /** OTLP's JSON of its spans. */
  readonly export?: string | undefined;
}

/** What became of one thing. */
export interface ImportOutcome {
  readonly id: string;
  readonly outcome: 'created' | 'updated' | 'refused';
  readonly problem?: { readonly code: string; readonly message: string } | undefined;
}

/** Things that are deleted at the source; they are deleted here once they are complete. */
export interface ImportedDeletions {
  readonly experiments: readonly { readonly sequence: number; readonly deletedAt: number }[];
  readonly runs: readonly { readonly id: string; readonly deletedAt: number; readonly withExperiment: boolean }[];
}

/** How much of a run is here. */
export interface RunCounts {
  readonly id: string;
  readonly deleted: boolean;
  readonly points: number;
  readonly parameters: number;
  readonly tags: number;
  readonly artifacts: number;
}
