import { contractGreen, latencyBudget, sizeBudget } from './budgets.ts';
import type { GateFacts } from './gate-facts.ts';
import type { GateCheck, GateRules } from './gate-rules.ts';
import { metricLimits } from './metric-limits.ts';
import { overBaseline, overProduction } from './model-comparison.ts';
import { signatureCompatible } from './signature-compatibility.ts';
import { sliceFloors } from './slice-floors.ts';

/** One part of the rules: no check when they do not ask for it, else a verdict for each thing asked, whatever facts there are. */
type GateQuestion = (facts: GateFacts, rules: GateRules) => readonly GateCheck[];

const questions: readonly GateQuestion[] = [
  metricLimits,
  overBaseline,
  overProduction,
  sliceFloors,
  latencyBudget,
  sizeBudget,
  contractGreen,
  signatureCompatible,
];

export interface GateVerdict {
  readonly outcome: 'passed' | 'refused';
  readonly checks: readonly GateCheck[];
}

/**
 * Asks everything the rules ask for and passes only when every answer is yes. The gate fails closed: an absent fact, a fact that
 * cannot be judged, and rules that ask for nothing at all are refusals.
 */
export function evaluateGate(facts: GateFacts, rules: GateRules): GateVerdict {
  const checks = questions.flatMap((question) => question(facts, rules));
  if (checks.length === 0) {
    return {
      outcome: 'refused',
      checks: [{ name: 'rules', outcome: 'refused', explanation: 'The gate asks for nothing, so it proves nothing.' }],
    };
  }
  return { outcome: checks.every((check) => check.outcome === 'passed') ? 'passed' : 'refused', checks };
}
