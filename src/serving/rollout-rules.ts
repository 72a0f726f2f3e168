import {
  alignedCells,
  histogramQuantile,
  jensenShannonDistance,
  joinByReference,
  numericHistogram,
  presentCount,
  proportionDifferenceInterval,
  shares,
  wilsonInterval,
  type NumericHistogram,
} from '#kernel/statistics/index.ts';

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

interface Comparison {
  readonly stable: TrafficStatistics;
  readonly candidate: TrafficStatistics;
  readonly rules: RolloutRules;
}

/**
 * Judges a step of a rollout. One failed check fails it, even early: bad is bad before the minimum is reached. It passes only when
 * every check passes; what the traffic cannot answer yet is inconclusive, never passed.
 */
export function judgeRollout(stable: TrafficStatistics, candidate: TrafficStatistics, rules: RolloutRules): RolloutJudgement {
  const comparison = { stable, candidate, rules };
  const checks = [
    enoughRequests(comparison),
    ...(rules.errorRateMargin === undefined ? [] : [errorRate(comparison, rules.errorRateMargin)]),
    ...(rules.latencyP99Ratio === undefined ? [] : [latency(comparison, rules.latencyP99Ratio)]),
    ...(rules.scoreDistance === undefined ? [] : [scores(comparison, rules.scoreDistance)]),
  ];
  const outcomes = new Set(checks.map((check) => check.outcome));
  if (outcomes.has('failed')) return { verdict: 'failed', checks };
  return { verdict: outcomes.has('inconclusive') ? 'inconclusive' : 'passed', checks };
}

function enoughRequests({ candidate, rules }: Comparison): RolloutCheck {
  const isEnough = candidate.requests >= rules.minimumRequests && candidate.requests > 0;
  return {
    name: 'minimum_requests',
    outcome: isEnough ? 'passed' : 'inconclusive',
    value: candidate.requests,
    threshold: rules.minimumRequests,
    explanation: `The candidate answered ${candidate.requests} requests; a judgement needs ${rules.minimumRequests}.`,
  };
}

// Newcombe's interval is the one-sided score test turned round, and it still holds when nobody has seen an error.
function errorRate({ stable, candidate, rules }: Comparison, margin: number): RolloutCheck {
  const name = 'error_rate';
  const [first, second] = [candidate, stable].map(({ errors, requests }) => ({ successes: errors, trials: requests }));
  const confidence = 1 - 2 * rules.significance;
  const interval = first && second && proportionDifferenceInterval(first, second, confidence);
  if (interval === undefined) return unanswered(name, margin, 'One of the revisions has answered no request.');
  const value = candidate.errors / candidate.requests - stable.errors / stable.requests;
  const rates = `Errors ${percent(candidate.errors / candidate.requests)} of the candidate, ${percent(stable.errors / stable.requests)} of stable`;
  if (interval.lower > margin) {
    return { name, outcome: 'failed', value, threshold: margin, explanation: `${rates}: worse by more than ${percent(margin)}.` };
  }
  if (interval.upper <= margin) {
    return { name, outcome: 'passed', value, threshold: margin, explanation: `${rates}: at most ${percent(interval.upper)} worse.` };
  }
  const explanation = `${rates}: could still be ${percent(interval.upper)} worse, more than the margin of ${percent(margin)}.`;
  return { name, outcome: 'inconclusive', value, threshold: margin, explanation };
}

const tail = 0.99;

function latency({ stable, candidate, rules }: Comparison, ratio: number): RolloutCheck {
  const name = 'latency_p99_ratio';
  const ofStable = histogramQuantile(stable.latency, tail);
  const ofCandidate = histogramQuantile(candidate.latency, tail);
  if (ofStable === undefined || ofCandidate === undefined) return unanswered(name, ratio, 'One of the revisions has no latencies.');
  const limit = Math.max(ratio * ofStable, rules.latencyP99FloorMs ?? 0);
  const value = ofStable > 0 ? ofCandidate / ofStable : undefined;
  const explanation = `p99 is ${milliseconds(ofCandidate)} against ${milliseconds(ofStable)} of stable; the limit is ${milliseconds(limit)}.`;
  if (ofCandidate <= limit) return { name, outcome: 'passed', value, threshold: ratio, explanation };
  return {
    name,
    outcome: slowShareIsCertain(candidate.latency, limit, rules) ? 'failed' : 'inconclusive',
    value,
    threshold: ratio,
    explanation,
  };
}

// The p99 lies above a limit when more than 1% of all requests do: a proportion, whose lower bound says how sure that is.
function slowShareIsCertain(histogram: NumericHistogram, limit: number, { significance }: RolloutRules): boolean {
  const { edges } = histogram;
  const slow = histogram.counts.reduce((sum, count, index) => ((edges[index] ?? 0) >= limit ? sum + count : sum), histogram.above);
  const share = { successes: slow, trials: presentCount(histogram) };
  return wilsonInterval(share, 1 - 2 * significance).lower > 1 - tail;
}

const scoreBins = 10;
// Below this the distance of two equal samples is as large as a real difference.
const fewestScores = 100;

function scores({ stable, candidate }: Comparison, limit: number): RolloutCheck {
  const name = 'score_distance';
  const cells = alignedCells(stable.scores, candidate.scores);
  if (cells === undefined) return unanswered(name, limit, 'The scores of the revisions were counted over different bins.');
  const fewest = Math.min(...[stable.scores, candidate.scores].map((histogram) => presentCount(histogram) + histogram.missing));
  if (fewest < fewestScores) return unanswered(name, limit, `There are ${fewest} scores to compare; this needs ${fewestScores}.`);
  const joined = joinByReference(cells, scoreBins, 'apart');
  // Answers without a number are an answer too: a candidate that gives NaN must not be judged on the rest alone.
  const value = jensenShannonDistance(
    shares([...joined.reference, stable.scores.missing]),
    shares([...joined.current, candidate.scores.missing]),
  );
  const explanation = `The scores differ by ${value.toFixed(3)} (Jensen-Shannon distance); the limit is ${limit}.`;
  return { name, outcome: value <= limit ? 'passed' : 'failed', value, threshold: limit, explanation };
}

function unanswered(name: string, threshold: number, explanation: string): RolloutCheck {
  return { name, outcome: 'inconclusive', value: undefined, threshold, explanation };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

/** Statistics of a revision that has answered nothing yet, to merge others into. */
export function emptyTraffic(latencyEdges: readonly number[], scoreEdges: readonly number[]): TrafficStatistics {
  return { requests: 0, errors: 0, latency: numericHistogram([], latencyEdges), scores: numericHistogram([], scoreEdges) };
}
