/** The words of the ladder: stages, criteria, measurements, assessments. Pure types; every time is epoch milliseconds. */
import type { Facts } from './facts.ts';

/** Lowest first. A stage is reached only when every stage before it is reached. */
export const stages = ['initial', 'repeatable', 'scalable', 'reliable'] as const;
export type Stage = (typeof stages)[number];

/** `none`: the evidence does not yet show the first stage. */
export type StageReached = Stage | 'none';

export type Unit = 'share' | 'count' | 'minutes' | 'days' | 'per-week';

export interface Threshold {
  readonly value: number;
  readonly unit: Unit;
  readonly comparison: 'at-least' | 'at-most';
}

export interface NextStep {
  readonly text: string;
  /** A command of Ripen that takes the step, where one exists. */
  readonly command?: string;
  /** Address of the page where the step is taken; `:project` stands for the project's name. */
  readonly page?: string;
}

export interface Capability {
  readonly slug: string;
  readonly title: string;
  readonly stage: Stage;
}

/** The span of time that one assessment looks at. */
export interface View {
  /** The moment of the assessment. */
  readonly at: number;
  /** Start of the criterion's window; `-Infinity` for the whole history. */
  readonly since: number;
}

/** A further thing a criterion asks for besides its threshold. `score` is 0..1 and 1 only when met. */
export interface Condition {
  readonly met: boolean;
  readonly score: number;
  /** What is missing, as a clause: "the log is 12 of 183 days old". */
  readonly text: string;
}

export interface Measured {
  readonly kind: 'measured';
  /** In the threshold's unit; undefined when it has no finite value (an alert that nobody answered). */
  readonly value: number | undefined;
  readonly numerator: number;
  readonly denominator: number;
  /** A clause without a full stop: "2 of 5 production versions have a complete walk". */
  readonly explanation: string;
  /** Names of what does not meet the criterion, newest last. */
  readonly missing: readonly string[];
  /** Numbers of the events that speak for the criterion, and of those that speak against it. */
  readonly evidence: readonly number[];
  readonly counterEvidence: readonly number[];
  readonly conditions: readonly Condition[];
}

export type Measurement = Measured | { readonly kind: 'no-data' | 'not-applicable' | 'not-measurable'; readonly explanation: string };

export type Measure = (facts: Facts, view: View) => Measurement;

export interface Criterion {
  readonly id: string;
  readonly title: string;
  readonly weight: 1 | 2 | 3;
  /** The stage cannot be reached without it. */
  readonly must: boolean;
  readonly threshold: Threshold;
  /** Days of history that count, by UTC day; `all` for the whole history. */
  readonly windowDays: number | 'all';
  /** Observations needed before a rate means anything; below it the criterion is at most partly met. */
  readonly minimumSample: number;
  /** Key of the published idea that the criterion stands on. */
  readonly source: string;
  /** Why it matters. */
  readonly explanation: string;
  readonly nextStep: NextStep;
  readonly measure?: Measure;
  /** What will prove the criterion, for a criterion that no event proves yet. */
  readonly provedBy?: string;
}

/** A criterion with its place in the catalogue. */
export interface PlacedCriterion extends Criterion {
  readonly stage: Stage;
  readonly capability: Capability;
}

export interface Catalogue {
  readonly version: string;
  readonly criteria: readonly PlacedCriterion[];
}

export const criterionStates = ['pass', 'partial', 'fail', 'no_data', 'not_applicable', 'not_measurable'] as const;
export type CriterionState = (typeof criterionStates)[number];

export interface CriterionResult {
  readonly criterion: string;
  readonly state: CriterionState;
  /** 0..1; 1 only for `pass`. */
  readonly score: number;
  readonly value: number | undefined;
  readonly numerator: number;
  readonly denominator: number;
  readonly evidence: readonly number[];
  readonly counterEvidence: readonly number[];
  readonly missing: readonly string[];
  readonly explanation: string;
  /** When this state was first assessed without a break. */
  readonly since: number;
}

/** How much must have happened before a stage can be reached. */
export interface Volume {
  readonly text: string;
  readonly observed: number;
  readonly needed: number;
}

export interface StageResult {
  readonly stage: Stage;
  /** What this assessment alone shows. */
  readonly shown: boolean;
  /** What counts: as shown, except that a stage once reached is kept until a falling-back rule takes it away. */
  readonly reached: boolean;
  readonly reachedAt: number | undefined;
  /** While a reached stage is kept although a must fails: the first assessment that saw the failure. */
  readonly mustFailingSince: number | undefined;
  /** Weighted, 0..1. Criteria without data or not yet measurable stay in the denominator. */
  readonly score: number;
  /** The weakest capability's score: no average hides a hole. */
  readonly weakest: { readonly capability: string; readonly score: number } | undefined;
  readonly passed: number;
  readonly total: number;
  readonly noData: number;
  readonly notMeasurable: number;
  readonly notApplicable: number;
  readonly missingMusts: readonly string[];
  readonly volume: readonly Volume[];
}

export interface Step {
  readonly criterion: string;
  /** What meeting it adds to the score of its stage, 0..1. */
  readonly gain: number;
}

export interface Assessment {
  readonly project: string;
  readonly catalogueVersion: string;
  readonly at: number;
  /** Number of the last event that was looked at. */
  readonly upTo: number;
  readonly stage: StageReached;
  readonly stages: readonly StageResult[];
  readonly criteria: readonly CriterionResult[];
  /** The best first; at most three. */
  readonly nextSteps: readonly Step[];
  /** sha256 in hex over the evidence of all criteria; see evidence-root.ts. */
  readonly evidenceRoot: string;
}

/** An assessment that was kept, with its event in the log. */
export interface RecordedAssessment {
  readonly id: string;
  readonly assessment: Assessment;
}
