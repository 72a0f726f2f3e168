import { pairedBootstrap, weightedMetrics, type WeightedMetricName } from '#kernel/statistics/index.ts';

import type { EvaluationFacts, GateFacts } from './gate-facts.ts';
import { figure, missingFact, type GateCheck, type GateRules } from './gate-rules.ts';

interface Contest {
  readonly name: string;
  readonly opponent: string;
  readonly scores: ArrayLike<number>;
  readonly metric: WeightedMetricName;
  /** The gain over the opponent that the lower bound must pass; negative tolerates a loss. */
  readonly required: number;
}

export function betterThanBaseline(facts: GateFacts, rules: GateRules): readonly GateCheck[] {
  if (rules.betterThanBaseline === undefined) return [];
  const name = 'better_than_baseline';
  const scores = facts.evaluation?.baseline;
  if (facts.evaluation === undefined || scores === undefined) return [missingFact(name, 'The evaluation has no baseline scores.')];
  const { metric, margin } = rules.betterThanBaseline;
  return [contest(facts.evaluation, rules, { name, opponent: 'the baseline', scores, metric, required: margin })];
}

export function againstProduction(facts: GateFacts, rules: GateRules): readonly GateCheck[] {
  if (rules.againstProduction === undefined) return [];
  const { metric, test, margin } = rules.againstProduction;
  const name = test === 'superiority' ? 'better_than_production' : 'not_worse_than_production';
  if (facts.production === undefined) return [missingFact(name, 'It is not known what serves in production.')];
  if (facts.production.state === 'none') return [{ name, outcome: 'passed', explanation: 'Nothing serves in production yet.' }];
  const opponent = `version ${facts.production.version} in production`;
  const scores = facts.evaluation?.production;
  if (facts.evaluation === undefined || scores === undefined) {
    return [missingFact(name, `The evaluation has no scores of ${opponent} on the same rows.`)];
  }
  const required = test === 'superiority' ? margin : -margin;
  return [contest(facts.evaluation, rules, { name, opponent, scores, metric, required })];
}

function contest(evaluation: EvaluationFacts, rules: GateRules, { name, opponent, scores, metric, required }: Contest): GateCheck {
  const lengths = [evaluation.candidate.length, scores.length];
  if (lengths.some((length) => length !== evaluation.labels.length)) {
    return missingFact(
      name,
      `The scores do not belong to the ${evaluation.labels.length} evaluation rows: there are ${lengths.join(' and ')}.`,
    );
  }
  const rows = { labels: evaluation.labels, first: evaluation.candidate, second: scores };
  const result = pairedBootstrap(rows, { metric, ...rules.bootstrap });
  if (result.state === 'not-measurable') return { name, outcome: 'refused', explanation: `${result.reason} The gate stays closed.` };
  const isLoss = weightedMetrics[metric].better === 'lower';
  const [gain, lower, upper] = isLoss
    ? [-result.difference, -result.percentile.upper, -result.percentile.lower]
    : [result.difference, result.percentile.lower, result.percentile.upper];
  const asked = required < 0 ? `a loss of at most ${figure(-required)}` : `a gain of more than ${figure(required)}`;
  const explanation =
    `${metric} ${figure(result.first)} against ${figure(result.second)} of ${opponent} on ${result.rows} rows: gain ${figure(gain)}, ` +
    `${figure(rules.bootstrap.confidence * 100)}% interval ${figure(lower)} to ${figure(upper)}; asked for is ${asked} at the lower end.`;
  return { name, outcome: lower > required ? 'passed' : 'refused', value: lower, threshold: required, explanation };
}
