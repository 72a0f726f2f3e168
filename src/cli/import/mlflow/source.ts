import type { Readable } from 'node:stream';
import type { ImportTracesWire } from '#tracking/index.ts';

/** What is read from an MLflow server or store. Times are epoch milliseconds. */

export type Labels = Readonly<Record<string, string>>;

export interface SourceExperiment {
  readonly id: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deleted: boolean;
  readonly tags: Labels;
}

export interface SourceMetric {
  readonly name: string;
  readonly value: number;
  readonly time: number;
  readonly step: number;
}

export interface SourceDataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string | undefined;
  readonly profile?: string | undefined;
  readonly tags: Labels;
}

export interface SourceRun {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  /** As MLflow spells it: RUNNING, SCHEDULED, FINISHED, FAILED, KILLED. */
  readonly status: string;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly deleted: boolean;
  readonly deletedAt: number | undefined;
  readonly user: string;
  readonly artifactUri: string;
  readonly tags: Labels;
  readonly parameters: Labels;
  /** The latest point of each metric. */
  readonly metrics: readonly SourceMetric[];
  readonly datasets: readonly SourceDataset[];
  readonly inputModels: readonly string[];
  readonly outputModels: readonly { readonly model: string; readonly step: number }[];
}

/** Some points of one metric of a run; a long history comes in several parts. */
export interface SourceSeries {
  readonly run: string;
  readonly name: string;
  readonly steps: number[];
  readonly times: number[];
  readonly values: number[];
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

export interface SourceLoggedModel {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly state: 'pending' | 'ready' | 'upload-failed';
  readonly modelType: string | undefined;
  readonly sourceRun: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly artifactUri: string;
  readonly parameters: Labels;
  readonly tags: Labels;
}

export type SourceTrace = Omit<ImportTracesWire['traces'][number], 'experiment'> & {
  readonly experiment: string;
  /** Where files beside it lie; undefined when there can be none. */
  readonly artifactUri: string | undefined;
};

export interface SourceVersion {
  readonly version: number;
  readonly source: string;
  readonly run: string | undefined;
  readonly loggedModel: string | undefined;
  readonly link: string | undefined;
  readonly description: string;
  readonly stage: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Labels;
}

export interface SourceModel {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Labels;
  readonly aliases: Readonly<Record<string, number>>;
  readonly versions: readonly SourceVersion[];
}

/** Who keeps files, and where they lie. */
export interface SourcePlace {
  readonly kind: 'run' | 'logged-model' | 'trace';
  readonly id: string;
  readonly experiment: string;
  readonly uri: string;
}

export interface SourceFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export type SourceTotals = Readonly<Partial<Record<'runs' | 'loggedModels' | 'traces' | 'models', number>>>;

/** An MLflow that is brought over. Everything is read in parts, so that its size does not matter. */
export interface Source {
  /** Names it for ever: the address of a server, or the real path of a file or folder. */
  readonly address: string;
  /** What it is, for people. */
  readonly label: string;
  /** How many there are, as far as that is quick to say. */
  totals(): Promise<SourceTotals>;
  experiments(): AsyncIterable<SourceExperiment>;
  runs(experiment: string): AsyncIterable<SourceRun>;
  /** All histories of some runs. */
  series(runs: readonly SourceRun[]): AsyncIterable<SourceSeries>;
  loggedModels(experiment: string): AsyncIterable<SourceLoggedModel>;
  traces(experiment: string): AsyncIterable<SourceTrace>;
  models(): AsyncIterable<SourceModel>;
  /** The files of a holder; undefined when where they lie cannot be reached from here. */
  files(place: SourcePlace): Promise<readonly SourceFile[] | undefined>;
  open(place: SourcePlace, file: SourceFile): Promise<Readable>;
  close(): Promise<void>;
}

/** Points of one part. */
export const mostPoints = 10_000;
