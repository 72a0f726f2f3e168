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

export function overBaseline({ evaluation }: GateFacts, rules: GateRules): readonly GateCheck[] {
  return (rules.overBaseline ?? []).map(({ metric, minimumGain: required }) => {
    const name = `${metric}_over_baseline`;
    const scores = evaluation?.baseline;
    if (evaluation === undefined || scores === undefined) return missingFact(name, 'The evaluation has no baseline scores.');
    return contest(evaluation, rules, { name, opponent: 'the baseline', scores, metric, required });
  });
}

export function overProduction({ evaluation, production }: GateFacts, rules: GateRules): readonly GateCheck[] {
  return (rules.overProduction ?? []).map(({ metric, minimumGain: required }) => {
    const name = `${metric}_over_production`;
    if (production === undefined) return missingFact(name, 'It is not known what serves in production.');
    if (production.state === 'none') return { name, outcome: 'passed', explanation: 'Nothing serves in production yet.' };
    const opponent = `version ${production.version} in production`;
    const scores = evaluation?.production;
    if (evaluation === undefined || scores === undefined) {
      return missingFact(name, `The evaluation has no scores of ${opponent} on the same rows.`);
    }
    return contest(evaluation, rules, { name, opponent, scores, metric, required });
  });
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
  if (result.state === 'not-measurable') return missingFact(name, result.reason);
  const isLoss = weightedMetrics[metric].better === 'lower';
  const [gain, lower, upper] = isLoss
    ? [-result.difference, -result.percentile.upper, -result.percentile.lower]
    : [result.difference, result.percentile.lower, result.percentile.upper];
  const asked = required < 0 ? `a loss of at most ${figure(-required)}` : `a gain of more than ${figure(required)}`;
  const explanation =
    `${metric} ${figure(result.first)} against ${figure(result.second)} of ${opponent} on ${result.rows} rows: gain ${figure(gain)}, ` +
    `${figure(rules.bootstrap.confidence * 100)}% interval ${figure(lower)} to ${figure(upper)}; asked for is ${asked} at the lower end.`;
  const { confidence } = rules.bootstrap;
  const comparison = { metric, candidate: result.first, opponent: result.second, gain, lower, upper, confidence, rows: result.rows };
  return { name, outcome: lower > required ? 'passed' : 'refused', value: lower, threshold: required, comparison, explanation };
}
