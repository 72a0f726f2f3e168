import { numericHistogram, type NumericHistogram } from '#kernel/statistics/index.ts';

/** What one revision answered during a step. Both revisions must be counted over the same time and the same histogram edges. */
export interface TrafficStatistics {
  readonly requests: number;
  /** Answers that were the fault of the revision, within `requests`. */
  readonly errors: number;
  /** Milliseconds of answered requests. */
  readonly latency: NumericHistogram;
  readonly scores: NumericHistogram;
}

/** Compare the candidate with the stable revision at the same time; each part can be left out. */
export interface RolloutRules {
  /** Requests of the candidate before it can pass. */
  readonly minimumRequests: number;
  /** Share of additional errors that is tolerated. */
  readonly errorRateMargin?: number | undefined;
  /** Largest p99 of the candidate as a multiple of the stable one. */
  readonly latencyP99Ratio?: number | undefined;
  /** A p99 up to this many milliseconds passes whatever the ratio: twice a millisecond harms nobody. */
  readonly latencyP99FloorMs?: number | undefined;
  /** Largest Jensen-Shannon distance (base 2) of the scores; a new model may answer somewhat differently. */
  readonly scoreDistance?: number | undefined;
  /** Chance of failing a check although all is well. */
  readonly significance: number;
}

export const defaultRolloutRules: RolloutRules = {
  minimumRequests: 200,
  errorRateMargin: 0.01,
  latencyP99Ratio: 1.5,
  latencyP99FloorMs: 10,
  scoreDistance: 0.3,
  significance: 0.05,
};

export type RolloutVerdict = 'passed' | 'failed' | 'inconclusive';

export interface RolloutCheck {
  readonly name: string;
  readonly outcome: RolloutVerdict;
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  readonly explanation: string;
}

export interface RolloutJudgement {
  readonly verdict: RolloutVerdict;
  readonly checks: readonly RolloutCheck[];
}

/** Statistics of a revision that has answered nothing yet, to merge others into. */
export function emptyTraffic(latencyEdges: readonly number[], scoreEdges: readonly number[]): TrafficStatistics {
  return { requests: 0, errors: 0, latency: numericHistogram([], latencyEdges), scores: numericHistogram([], scoreEdges) };
}
