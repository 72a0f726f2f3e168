import type { Branded } from '#kernel/ids.ts';
import type { Signature } from '#kernel/inference/index.ts';
import type { DeploymentSpec } from './deployment-spec.ts';
import type { RolloutCheck, RolloutVerdict, TrafficStatistics } from './rollout-statistics.ts';

export const environments = ['staging', 'production'] as const;
/** Each environment is an account: a trust zone of its own with its own agent. */
export type Environment = (typeof environments)[number];

export type RevisionId = Branded<'RevisionId'>;
export type RolloutId = Branded<'RolloutId'>;

/** A named service in one environment. The name is its address at the gateway and unique in the server. */
export interface Deployment {
  readonly project: string;
  readonly name: string;
  readonly environment: Environment;
  readonly model: string;
  readonly spec: DeploymentSpec;
  readonly createdAt: number;
}

export type RevisionState = 'created' | 'starting' | 'ready' | 'serving' | 'draining' | 'retired' | 'failed';
export type RevisionEvent = 'asked' | 'became-ready' | 'got-all-traffic' | 'lost-traffic' | 'let-go' | 'gone' | 'gave-up';

/** `ready` is warm without all the traffic: a candidate, or the previous revision kept for a rollback. */
export const revisionTransitions: Readonly<Record<RevisionState, Readonly<Partial<Record<RevisionEvent, RevisionState>>>>> = {
  created: { asked: 'starting', 'gave-up': 'failed', 'let-go': 'draining' },
  starting: { 'became-ready': 'ready', 'gave-up': 'failed', 'let-go': 'draining' },
  ready: { 'got-all-traffic': 'serving', 'let-go': 'draining', 'gave-up': 'failed' },
  serving: { 'lost-traffic': 'ready', 'let-go': 'draining', 'gave-up': 'failed' },
  draining: { gone: 'retired' },
  retired: {},
  failed: {},
};

export type DeployCause = 'release' | 'retrain' | 'rollback' | 'config';

/** One model version as one deployment serves it. Never changes besides its state and weight. */
export interface Revision {
  readonly id: RevisionId;
  readonly deployment: string;
  readonly environment: Environment;
  /** 1, 2, 3, … within deployment and environment. */
  readonly number: number;
  readonly model: string;
  readonly modelVersion: string;
  /** Of the model version, as the registry has it. */
  readonly digest: string;
  /** Of the file that is loaded. */
  readonly modelDigest: string;
  readonly signature: Signature;
  readonly state: RevisionState;
  /** Percent of the traffic, at most two decimals. */
  readonly weight: number;
  readonly cause: DeployCause;
  readonly release: string | undefined;
  readonly createdAt: number;
  readonly stateAt: number;
  /** Why it failed. */
  readonly reason: string | undefined;
}

export type RolloutState = 'pending' | 'progressing' | 'judging' | 'promoted' | 'rolled-back' | 'paused' | 'cancelled';
export type RolloutEvent = 'candidate-ready' | 'weight-applied' | 'step-passed' | 'all-moved' | 'failed' | 'pause' | 'resume' | 'abort';

export const rolloutTransitions: Readonly<Record<RolloutState, Readonly<Partial<Record<RolloutEvent, RolloutState>>>>> = {
  pending: { 'candidate-ready': 'progressing', failed: 'rolled-back', abort: 'cancelled' },
  progressing: { 'weight-applied': 'judging', 'all-moved': 'promoted', failed: 'rolled-back', pause: 'paused', abort: 'cancelled' },
  judging: { 'step-passed': 'progressing', failed: 'rolled-back', pause: 'paused', abort: 'cancelled' },
  paused: { resume: 'progressing', failed: 'rolled-back', abort: 'cancelled' },
  promoted: {},
  'rolled-back': {},
  cancelled: {},
};

export type RolloutStrategy = 'canary' | 'all-at-once';

/** The judgement of one step. */
export interface Measurement {
  readonly step: number;
  readonly weight: number;
  readonly time: number;
  readonly verdict: RolloutVerdict;
  readonly checks: readonly RolloutCheck[];
}

/** The move of the traffic of a deployment onto one revision, step by step. */
export interface Rollout {
  readonly id: RolloutId;
  readonly deployment: string;
  readonly environment: Environment;
  readonly revision: RevisionId;
  /** The revision that it is compared with and falls back to; none for the first of a deployment. */
  readonly stable: RevisionId | undefined;
  readonly strategy: RolloutStrategy;
  /** Percent of the traffic of each step; the last is 100. */
  readonly steps: readonly number[];
  readonly step: number;
  readonly state: RolloutState;
  /** For the routing: other rollouts try other keys. */
  readonly salt: string;
  readonly startedAt: number;
  /** When the present state began. */
  readonly stateAt: number;
  /** The desired version that carries the weight of this step; the agent has applied it when it reports this or a later one. */
  readonly desiredVersion: number;
  /** What both revisions had answered when the step began. */
  readonly baseline: Baseline | undefined;
  /** How often the time for the step was extended. */
  readonly extensions: number;
  readonly measurements: readonly Measurement[];
  readonly reason: string | undefined;
  readonly finishedAt: number | undefined;
}

export interface Baseline {
  readonly stable: TrafficStatistics;
  readonly candidate: TrafficStatistics;
}

/** A rollback that was ordered; finished when the agent has moved the traffic. */
export interface Rollback {
  readonly id: string;
  readonly deployment: string;
  readonly environment: Environment;
  readonly fromRevision: RevisionId;
  readonly toRevision: RevisionId;
  readonly reason: string;
  readonly automatic: boolean;
  readonly startedAt: number;
  readonly desiredVersion: number;
  readonly finishedAt: number | undefined;
}

export type ReplicaState = 'starting' | 'ready' | 'backing-off' | 'failing' | 'stopping';

/** One process of a revision, as its agent told. */
export interface Replica {
  readonly revision: string;
  readonly replica: number;
  readonly state: ReplicaState;
  readonly pid: number | undefined;
  readonly startedAt: number | undefined;
  readonly restarts: number;
  readonly reason: string | undefined;
}

/** What a revision answered since it began, and the rows in it. */
export interface RevisionTraffic extends TrafficStatistics {
  readonly rows: number;
}

/** @throws Error when the event cannot happen in that state: a fault of Ripen, not of the caller */
export function transition<State extends string, Event extends string>(
  table: Readonly<Record<State, Readonly<Partial<Record<Event, State>>>>>,
  state: State,
  event: Event,
): State {
  const next = table[state][event];
  if (next === undefined) throw new Error(`What is ${state} cannot take the event "${event}"`);
  return next;
}

export function isActive(state: RolloutState): boolean {
  return state === 'pending' || state === 'progressing' || state === 'judging' || state === 'paused';
}
