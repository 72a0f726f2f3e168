import {
  alignedCells,
  chiSquareSurvival,
  histogramQuantile,
  jensenShannonDistance,
  joinByReference,
  presentCount,
  proportionDifferenceInterval,
  shares,
  type NumericHistogram,
} from '#kernel/statistics/index.ts';

import type { RolloutCheck, RolloutRules, TrafficStatistics } from './rollout-statistics.ts';

export interface Comparison {
  readonly stable: TrafficStatistics;
  readonly candidate: TrafficStatistics;
  readonly rules: RolloutRules;
}

export function enoughRequests({ candidate, rules }: Comparison): RolloutCheck {
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
export function errorRate({ stable, candidate, rules }: Comparison, margin: number): RolloutCheck {
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

export function latency({ stable, candidate, rules }: Comparison, ratio: number): RolloutCheck {
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

// The p99 lies above a limit when more than 1% of all requests do. How likely so many slow ones would be if it did not: Poisson's tail, which
// is above the binomial one and right for few requests too, where one slow answer says little. Before the minimum is reached there are many
// looks, each of which may be unlucky, so each has to be surer.
function slowShareIsCertain(histogram: NumericHistogram, limit: number, { significance, minimumRequests }: RolloutRules): boolean {
  const { edges } = histogram;
  const slow = histogram.counts.reduce((sum, count, index) => ((edges[index] ?? 0) >= limit ? sum + count : sum), histogram.above);
  if (slow === 0) return false;
  const requests = presentCount(histogram);
  const chance = 1 - chiSquareSurvival(2 * requests * (1 - tail), 2 * slow);
  return chance < (requests < minimumRequests ? significance / 10 : significance);
}

const scoreBins = 10;
// Below this the distance of two equal samples is as large as a real difference.
const fewestScores = 100;

export function scores({ stable, candidate }: Comparison, limit: number): RolloutCheck {
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
