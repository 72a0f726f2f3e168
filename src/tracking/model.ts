import type { Branded } from '#kernel/ids.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import { trackingErrors } from './errors.ts';

export type RunId = Branded<'RunId'>;
export type ExperimentId = Branded<'ExperimentId'>;

/**
 * Which action leads from which state to which. `reopen` is for a client that goes on with a run it had ended, `schedule` for a
 * run that waits for its machine.
 */
export const runStates = {
  created: { start: 'running', schedule: 'scheduled', kill: 'killed' },
  scheduled: { start: 'running', kill: 'killed' },
  running: { schedule: 'scheduled', finish: 'finished', fail: 'failed', kill: 'killed' },
  finished: { reopen: 'running' },
  failed: { reopen: 'running' },
  killed: { reopen: 'running' },
} as const;

export type RunState = keyof typeof runStates;
export type RunOutcome = 'finished' | 'failed' | 'killed';
export type RunAction = 'start' | 'schedule' | 'finish' | 'fail' | 'kill' | 'reopen';

export const actionOfOutcome = { finished: 'finish', failed: 'fail', killed: 'kill' } as const satisfies Record<RunOutcome, RunAction>;

/** @throws `tracking.run-state` */
export function transition(run: string, state: RunState, action: RunAction): RunState {
  const next = (runStates[state] as { readonly [Action in RunAction]?: RunState })[action];
  if (next === undefined) throw trackingErrors['run-state']({ run, state, action });
  return next;
}

/** The actions that lead from one state to another by the table, which goes through `running` where there is no direct way. */
export function actionsTo(from: RunState, wanted: Exclude<RunState, 'created'>): readonly RunAction[] {
  if (from === wanted) return [];
  for (const [action, next] of Object.entries(runStates[from])) if (next === wanted) return [action as RunAction];
  return from === 'running' ? [] : [...actionsTo(from, 'running'), ...actionsTo('running', wanted)];
}

export interface Experiment {
  readonly id: ExperimentId;
  readonly project: string;
  /** Counted from 1 in its project; 0 is the experiment "Default". The id that MLflow clients see. */
  readonly sequence: number;
  readonly name: string;
  /** Where the files of its runs lie: an address of another store, or undefined for Ripen's own. */
  readonly artifactLocation: string | undefined;
  readonly createdAt: number;
  /** When it was last renamed, tagged, deleted or restored. */
  readonly updatedAt: number;
  readonly deletedAt: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ExperimentSummary extends Experiment {
  readonly runs: number;
  readonly lastRunAt: number | undefined;
}

/** A dataset that a run read. `snapshot` is the number of a Ripen snapshot; foreign datasets have only a digest. */
export interface RunInput {
  readonly dataset: string;
  readonly snapshot?: number | undefined;
  readonly digest: string;
  /** What it was used for: training, evaluation, … */
  readonly context?: string | undefined;
  /** What else is said of this use of the dataset. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** What else is known of a foreign dataset (source, schema, profile), as JSON text. */
  readonly details?: string | undefined;
}

/** A logged model that a run read or made. */
export interface RunModel {
  readonly model: string;
  /** The step at which a run made it. */
  readonly step?: number | undefined;
}

/** What a metric measured besides its run: a logged model, a dataset, or both. */
export interface MetricSubject {
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** Value may be NaN or infinite. `time` is epoch milliseconds. */
export interface MetricPoint extends MetricSubject {
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

/** The latest point of a metric of a logged model on one dataset, and the run that logged it. */
export interface ModelMetric extends MetricPoint {
  readonly name: string;
  readonly modelId: string;
  readonly run: string;
}

export interface LatestMetric extends MetricPoint {
  readonly name: string;
}

/** Where a run came from: code, environment, machine. */
export interface RunOrigin {
  readonly pipelineRun?: string | undefined;
  readonly parentRun?: string | undefined;
  readonly commit?: string | undefined;
  /** True when the working tree differed from the commit. */
  readonly dirty?: boolean | undefined;
  readonly codeDigest?: string | undefined;
  readonly environmentDigest?: string | undefined;
  readonly computeTarget: string;
}

export interface RunUse {
  readonly cpuMs?: number | undefined;
  readonly peakMemoryBytes?: number | undefined;
}

export interface Run extends RunOrigin, RunUse {
  readonly id: RunId;
  readonly project: string;
  readonly experiment: string;
  readonly experimentId: ExperimentId;
  readonly experimentSequence: number;
  /** The artifact location of its experiment. */
  readonly experimentLocation: string | undefined;
  readonly name: string;
  readonly state: RunState;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly deletedAt: number | undefined;
  readonly startedBy: Actor;
  /** Whom the client named as the person who works on it; the name of `startedBy` when it named nobody. */
  readonly user: string;
  readonly inputs: readonly RunInput[];
  readonly inputModels: readonly RunModel[];
  readonly outputModels: readonly RunModel[];
  /** The point with the greatest step (then time) of each metric, by name. */
  readonly metrics: readonly LatestMetric[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A run without what was logged to it. */
export type RunHead = Omit<Run, 'metrics' | 'parameters' | 'tags' | 'inputs' | 'inputModels' | 'outputModels'>;

export interface Artifact {
  /** A path with `/` between folders, unique in its run. */
  readonly name: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
  readonly storedAt: number;
}

export type ParameterValue = string | number | boolean;

export interface MetricEntry extends MetricSubject {
  readonly name: string;
  readonly value: number;
  /** Default 0. */
  readonly step?: number | undefined;
  /** Epoch milliseconds; default the server's time. */
  readonly time?: number | undefined;
}

/** What one call logs, all or nothing. */
export interface LogBatch {
  readonly metrics?: readonly MetricEntry[] | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly removedTags?: readonly string[] | undefined;
}
