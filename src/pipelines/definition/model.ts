import type { Json } from '#kernel/canonical-json.ts';

/** Where a step's input comes from. Without `snapshot` the newest at the start of the run. */
export type InputSource =
  | { readonly kind: 'dataset'; readonly dataset: string; readonly snapshot: number | undefined }
  | { readonly kind: 'output'; readonly step: string; readonly output: string };

/** An output that becomes a snapshot of a dataset when the step has succeeded. */
export interface Publication {
  readonly output: string;
  readonly dataset: string;
  readonly mode: 'append' | 'replace';
  /** Path of the contract file in the project. */
  readonly contract: string | undefined;
}

export interface StepDefinition {
  readonly name: string;
  readonly description: string | undefined;
  /** Run by `/bin/sh -c`. */
  readonly command: string;
  /** Files and folders of the project; all of it when left out. */
  readonly code: readonly string[] | undefined;
  /** Names of the pipeline's parameters that the step reads. */
  readonly parameters: readonly string[];
  readonly inputs: Readonly<Record<string, InputSource>>;
  /** Name to path below the step's output folder. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly publishes: readonly Publication[];
  /** Steps that must have succeeded before, besides those whose outputs it reads. */
  readonly after: readonly string[];
  readonly tracked: boolean;
  /** False: runs each time. */
  readonly cache: boolean;
  readonly timeoutMs: number;
  readonly retries: number;
  /** First pause before a retry, doubled each time. */
  readonly backoffMs: number;
}

export type ParameterValues = Readonly<Record<string, Json>>;

export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly zone: string;
  readonly parameters: ParameterValues;
}

export interface EventTrigger {
  readonly kind: 'event';
  readonly on: string;
  /** Members that the event's data must have; a list means any of them. */
  readonly where: Readonly<Record<string, Json>>;
  readonly parameters: ParameterValues;
}

export type Trigger = ScheduleTrigger | EventTrigger;

/** The model version that a successful run registers. */
export interface Registration {
  readonly model: string;
  /** File name in the model version to the step output that becomes it. */
  readonly files: Readonly<Record<string, { readonly step: string; readonly output: string }>>;
}

export interface PipelineDefinition {
  readonly name: string;
  readonly description: string | undefined;
  /** The parameters with their defaults. */
  readonly parameters: ParameterValues;
  /** In the order of the file. */
  readonly steps: readonly StepDefinition[];
  readonly triggers: readonly Trigger[];
  readonly registers: Registration | undefined;
}

export interface PipelinesFile {
  readonly project: string | undefined;
  readonly pipelines: readonly PipelineDefinition[];
}
