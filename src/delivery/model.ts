import type { Actor } from '#kernel/events/index.ts';
import type { Branded } from '#kernel/ids.ts';
import type { GateCheck, GateRules } from './gates/gate-rules.ts';
import type { SmokeSample } from './gate-worker/protocol.ts';
import type { ReleaseState } from './states.ts';

export type ReleaseId = Branded<'ReleaseId'>;

export const environments = ['staging', 'production'] as const;
/** Each is passed by a gate of its own. */
export type Environment = (typeof environments)[number];

/** How many people must approve before production. By default none: a person who works alone has nobody to ask, and the gate says so. */
export interface ApprovalRules {
  readonly needed: number;
  /** Whether the one who asked for the release counts. */
  readonly authorMayApprove: boolean;
}

/** What a release is held to. Fixed when it is made, so that a later edit of ripen.yaml changes no release under way. */
export interface ReleasePlan {
  readonly gates: GateRules;
  readonly approvals: ApprovalRules;
  /** The entry of the deployment in ripen.yaml, for the modules that serve and watch it. */
  readonly declaration: Readonly<Record<string, unknown>>;
}

/** `retrain`: asked for by Ripen after a pipeline run that nobody started by hand. */
export type ReleaseCause = 'release' | 'retrain';

export interface ReleaseFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Cancellation {
  readonly actor: Actor;
  readonly reason: string;
}

/** One model version on its way through the gates of a deployment. */
export interface Release {
  readonly id: ReleaseId;
  readonly project: string;
  /** 1, 2, 3, … within the project. */
  readonly number: number;
  readonly deployment: string;
  readonly model: string;
  readonly version: number;
  /** Of the model version, as registered. Approvals hold for it alone. */
  readonly digest: string;
  readonly reason: string;
  /** A rehearsal: its author expects the gates to refuse it. They are not told. */
  readonly deliberate: boolean;
  readonly cause: ReleaseCause;
  /** What asked for it, when that must not ask twice, such as `pipeline-run/<id>/<deployment>`. */
  readonly origin: string | undefined;
  readonly author: Actor;
  readonly plan: ReleasePlan;
  readonly state: ReleaseState;
  /** Why it is in this state. */
  readonly note: string | undefined;
  /** Version in production that the staging gate compared with. */
  readonly comparedWith: number | undefined;
  /** Rows with the offline scores of the candidate, for the smoke test. */
  readonly smoke: SmokeSample | undefined;
  /** What the smoke test found; the production gate asks for it. */
  readonly smokeChecks: readonly GateCheck[] | undefined;
  readonly stagingRevision: string | undefined;
  readonly productionRevision: string | undefined;
  readonly cancellation: Cancellation | undefined;
  /** Attempts of the present state that failed for reasons that may pass. */
  readonly attempts: number;
  readonly failure: ReleaseFailure | undefined;
  readonly createdAt: number;
  readonly stateAt: number;
  readonly finishedAt: number | undefined;
}

/** `error`: the gate could not do its work, which refuses the release as well. */
export type GateOutcome = 'passed' | 'refused' | 'error';

/** Figures beside the checks, for people. Times in milliseconds. */
export interface GateMeasurements {
  readonly rows: number;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP99Ms: number | undefined;
  /** Of one call with `batchRows` rows. */
  readonly batchP50Ms: number | undefined;
  readonly batchRows: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly durationMs: number;
}

export interface GateEvaluation {
  readonly environment: Environment;
  readonly outcome: GateOutcome;
  readonly checks: readonly GateCheck[];
  readonly comparedWith: number | undefined;
  /** Ids of the policies that allowed it. */
  readonly policies: readonly string[];
  readonly approvals: number;
  readonly approvalsNeeded: number;
  readonly measurements: GateMeasurements | undefined;
  readonly time: number;
}

export interface Approval {
  readonly approver: Actor;
  readonly comment: string | undefined;
  readonly time: number;
  /** Whether it counts towards those needed. */
  readonly counts: boolean;
}

/** One line of a release's story. */
export interface ReleaseStep {
  readonly state: ReleaseState;
  readonly time: number;
  readonly note: string | undefined;
}
