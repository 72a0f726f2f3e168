import type { Json } from '#kernel/canonical-json.ts';
import type { Branded } from '#kernel/ids.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { ParameterValues, PipelineDefinition } from './definition/model.ts';

export type PipelineRunId = Branded<'PipelineRunId'>;
export type StepRunId = Branded<'StepRunId'>;

export type * from './definition/model.ts';

export const triggerKinds = ['manual', 'schedule', 'new-data', 'alert', 'git', 'backfill'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/** Why a run was started; `event` is the number of the event that caused it. */
export interface RunTrigger {
  readonly kind: TriggerKind;
  readonly event?: number | undefined;
}

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];

export const stepStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'cached', 'skipped', 'timed-out'] as const;
export type StepState = (typeof stepStates)[number];

/** What was read for a dataset input; the same for every step of a run. */
export interface DatasetPin {
  readonly dataset: string;
  readonly snapshot: number;
  readonly digest: string;
  readonly rows: number;
}

/** Code and surroundings of a run, fixed at its start. */
export interface CodeState {
  /** Digest of the manifest of all code files of the pipeline. */
  readonly codeDigest: Digest;
  readonly environmentDigest: Digest;
  readonly commit: string | undefined;
  readonly dirty: boolean | undefined;
}

export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: Json | undefined;
}

export interface StepOutput {
  readonly kind: 'file' | 'directory';
  /** Of the file, or of the manifest of the directory. */
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** In the directory. */
  readonly files?: number | undefined;
}

export interface Publishing {
  /** Of the output that was published. */
  readonly source: Digest;
  readonly dataset: string;
  readonly snapshot: number;
  readonly digest: string;
  readonly rows: number;
}

/** Everything that decides what a step does. Equal parts, equal key, equal result. */
export interface KeyParts {
  readonly command: string;
  /** Digest of the manifest of the step's code. */
  readonly code: Digest;
  readonly environment: Digest;
  readonly parameters: ParameterValues;
  /** `label` says in words what it is, and is not part of the key. */
  readonly inputs: Readonly<Record<string, { readonly digest: string; readonly label: string }>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** One line a publication with the digest of its contract. */
  readonly publishes: readonly string[];
}

export interface Progress {
  readonly done: number;
  readonly total: number | undefined;
  readonly label: string | undefined;
}

export interface StepRun {
  readonly id: StepRunId;
  readonly pipelineRun: PipelineRunId;
  readonly step: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly key: string | undefined;
  readonly keyParts: KeyParts | undefined;
  readonly outputs: Readonly<Record<string, StepOutput>>;
  readonly published: readonly Publishing[];
  readonly log: Digest | undefined;
  readonly runLog: Digest | undefined;
  readonly warnings: readonly StepFailure[];
  readonly failure: StepFailure | undefined;
  /** The step run whose result was reused. */
  readonly cachedFrom: StepRunId | undefined;
  readonly progress: Progress | undefined;
  readonly cpuMs: number | undefined;
  readonly peakMemoryBytes: number | undefined;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export interface Registered {
  readonly model: string;
  readonly version: number;
  /** The files were those of this earlier version, so no new one was made. */
  readonly reused: boolean;
  readonly files: Readonly<Record<string, string>>;
}

export interface PipelineRun extends CodeState {
  readonly id: PipelineRunId;
  readonly project: string;
  readonly pipeline: string;
  readonly state: RunState;
  readonly trigger: RunTrigger;
  readonly definition: PipelineDefinition;
  readonly parameters: ParameterValues;
  /** By reference, such as `dataset:flights`. */
  readonly inputs: Readonly<Record<string, DatasetPin>>;
  readonly actor: { readonly kind: 'person' | 'service' | 'system'; readonly id: string; readonly name: string };
  /** The tracked run that its steps report to. */
  readonly run: string | undefined;
  readonly registered: Registered | undefined;
  readonly failure: StepFailure | undefined;
  readonly cancelRequested: boolean;
  /** Every step runs, whatever the cache holds. */
  readonly fresh: boolean;
  /** Digest of the manifest of each step's code. */
  readonly stepCode: Readonly<Record<string, Digest>>;
  /** Which trigger of which definition started it: `train#0`. */
  readonly triggerName: string | undefined;
  /** How many runs led to this one by events; stops runs that trigger each other without end. */
  readonly depth: number;
  /** The failed run that this one continues. */
  readonly retryOf: PipelineRunId | undefined;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}
