/** From a measurement to a state and a score. */
import type { Criterion, CriterionState, Measured, Threshold } from './model.ts';

/** How near a value comes to its threshold, 0..1; 1 exactly when the threshold is met. */
export function nearness(value: number | undefined, threshold: Threshold): number {
  if (value === undefined || Number.isNaN(value)) return 0;
  if (threshold.comparison === 'at-least') return value >= threshold.value ? 1 : nearMiss(value / threshold.value);
  return value <= threshold.value ? 1 : nearMiss(threshold.value / value);
}

/** A near miss must not round up to met. */
function nearMiss(score: number): number {
  return Math.min(0.99, Math.max(0, score));
}

export interface Judgement {
  readonly state: Extract<CriterionState, 'pass' | 'partial' | 'fail'>;
  readonly score: number;
  /** What is missing besides the threshold, as clauses. */
  readonly shortfalls: readonly string[];
}

/** What a shortfall leaves at most: what was shown stays visible, but cannot carry a stage. */
const partlyMet = 0.5;

/**
 * The threshold decides, and a pass needs every further condition and a large enough sample besides.
 * One observation that meets the threshold where a rate is asked for is half of the way.
 */
export function judge(rule: Criterion, measurement: Measured): Judgement {
  const reached = nearness(measurement.value, rule.threshold);
  const shortfalls = measurement.conditions.flatMap((condition) => (condition.met ? [] : [condition.text]));
  const sample = rule.threshold.unit === 'per-week' ? measurement.numerator : measurement.denominator;
  if (rule.minimumSample > 1 && sample < rule.minimumSample) shortfalls.push(`it takes at least ${rule.minimumSample} observations`);
  if (shortfalls.length === 0 && reached === 1) return { state: 'pass', score: 1, shortfalls };
  const conditions = measurement.conditions.map((condition) => Math.max(0, Math.min(1, condition.score)));
  const mean = conditions.length === 0 ? 1 : conditions.reduce((total, score) => total + score, 0) / conditions.length;
  const score = shortfalls.length === 0 ? reached : Math.min(reached, Math.max(partlyMet * mean, partlyMet / 2));
  return { state: score > 0 ? 'partial' : 'fail', score, shortfalls };
}
