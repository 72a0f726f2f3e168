import { enoughRequests, errorRate, latency, scores } from './rollout-checks.ts';
import type { RolloutJudgement, RolloutRules, TrafficStatistics } from './rollout-statistics.ts';

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
