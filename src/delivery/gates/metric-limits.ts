import { auc, brierScore, calibrationError, logLoss, type ScoredRows, type WeightedMetricName } from '#kernel/statistics/index.ts';

import type { GateFacts } from './gate-facts.ts';
import { figure, missingFact, type GateCheck, type GateRules, type MetricLimit } from './gate-rules.ts';

const metrics: { readonly [Name in WeightedMetricName]: (rows: ScoredRows) => number | undefined } = {
  auc,
  log_loss: logLoss,
  brier: brierScore,
  calibration_error: calibrationError,
};

/** Figures that no release may miss whatever it is compared with: a guard against a baseline or a version that is broken itself. */
export function metricLimits({ evaluation }: GateFacts, rules: GateRules): readonly GateCheck[] {
  return (rules.limits ?? []).map((limit) => {
    const name = `${limit.bound}_${limit.metric}`;
    if (evaluation === undefined) return missingFact(name, 'The candidate was not evaluated.');
    const { labels, candidate: scores } = evaluation;
    if (labels.length !== scores.length) return missingFact(name, 'The scores do not belong to the evaluation rows.');
    const value = metrics[limit.metric]({ labels, scores });
    if (value === undefined) return missingFact(name, `The evaluation rows give no ${limit.metric}.`);
    return verdict(name, value, limit);
  });
}

function verdict(name: string, value: number, { metric, bound, value: threshold }: MetricLimit): GateCheck {
  const holds = bound === 'minimum' ? value >= threshold : value <= threshold;
  const explanation = `${metric} is ${figure(value)}; the ${bound} is ${figure(threshold)}.`;
  return { name, outcome: holds ? 'passed' : 'refused', value, threshold, explanation };
}
