/** One criterion over the facts. */
import type { Facts } from './facts.ts';
import { dayMilliseconds, dayOf } from './facts/tally.ts';
import { explainMeasured, sentence } from './explain.ts';
import type { Criterion, CriterionResult, CriterionState, Measurement } from './model.ts';
import { judge } from './score.ts';

/** Event numbers that a result carries at most on each side, the newest; counts are never cut. */
const evidenceKept = 50;
const missingKept = 20;

/** `at`: the moment of the assessment. The window ends there and starts at the beginning of a UTC day. */
export function evaluateCriterion(rule: Criterion, facts: Facts, at: number): CriterionResult {
  const since = rule.windowDays === 'all' ? -Infinity : (dayOf(at) - rule.windowDays) * dayMilliseconds;
  const provedBy: Measurement = { kind: 'not-measurable', explanation: rule.provedBy ?? 'No event proves this yet' };
  const measurement = rule.measure?.(facts, { at, since }) ?? provedBy;
  if (measurement.kind !== 'measured') return unmeasured(rule, measurement, at);
  const { state, score, shortfalls } = judge(rule, measurement);
  return {
    criterion: rule.id,
    state,
    score,
    value: measurement.value,
    numerator: measurement.numerator,
    denominator: measurement.denominator,
    evidence: newest(measurement.evidence),
    counterEvidence: newest(measurement.counterEvidence),
    missing: measurement.missing.slice(-missingKept),
    explanation: explainMeasured(rule, measurement, shortfalls),
    since: at,
  };
}

const states = {
  'no-data': 'no_data',
  'not-applicable': 'not_applicable',
  'not-measurable': 'not_measurable',
} as const satisfies Record<string, CriterionState>;

function unmeasured(rule: Criterion, measurement: Exclude<Measurement, { kind: 'measured' }>, at: number): CriterionResult {
  const clause = measurement.kind === 'no-data' ? `no data yet: ${measurement.explanation}` : measurement.explanation;
  return {
    criterion: rule.id,
    state: states[measurement.kind],
    score: 0,
    value: undefined,
    numerator: 0,
    denominator: 0,
    evidence: [],
    counterEvidence: [],
    missing: [],
    explanation: sentence(clause),
    since: at,
  };
}

function newest(events: readonly number[]): readonly number[] {
  return [...new Set(events)].toSorted((a, b) => a - b).slice(-evidenceKept);
}
