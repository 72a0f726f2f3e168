import type { Branded } from '#kernel/ids.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import { trackingErrors } from './errors.ts';

export type RunId = Branded<'RunId'>;
export type ExperimentId = Branded<'ExperimentId'>;

/** Which action leads from which state to which. `reopen` is for a client that goes on with a run it had ended. */
export const runStates = {
  created: { start: 'running', kill: 'killed' },
  running: { finish: 'finished', fail: 'failed', kill: 'killed' },
  finished: { reopen: 'running' },
  failed: { reopen: 'running' },
  killed: { reopen: 'running' },
} as const;

export type RunState = keyof typeof runStates;
export type RunOutcome = 'finished' | 'failed' | 'killed';
export type RunAction = 'start' | 'finish' | 'fail' | 'kill' | 'reopen';

export const actionOfOutcome = { finished: 'finish', failed: 'fail', killed: 'kill' } as const satisfies Record<RunOutcome, RunAction>;

/** @throws `tracking.run-state` */
export function transition(run: string, state: RunState, action: RunAction): RunState {
  const next = (runStates[state] as { readonly [Action in RunAction]?: RunState })[action];
  if (next === undefined) throw trackingErrors['run-state']({ run, state, action });
  return next;
}

export interface Experiment {
  readonly id: ExperimentId;
  readonly project: string;
  readonly name: string;
  readonly createdAt: number;
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
  /** What else is known of a foreign dataset (source, schema, profile), as JSON text. */
  readonly details?: string | undefined;
}

/** Value may be NaN or infinite. `time` is epoch milliseconds. */
export interface MetricPoint {
  readonly step: number;
  readonly time: number;
  readonly value: number;
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
  readonly name: string;
  readonly state: RunState;
  readonly startedAt: number;
  readonly finishedAt: number | undefined;
  readonly deletedAt: number | undefined;
  readonly startedBy: Actor;
  readonly inputs: readonly RunInput[];
  /** The point with the greatest step (then time) of each metric, by name. */
  readonly metrics: readonly LatestMetric[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

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

export interface MetricEntry {
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
