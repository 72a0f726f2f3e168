import type { GateFacts } from './gate-facts.ts';
import { figure, missingFact, type GateCheck, type GateRules } from './gate-rules.ts';

// Fewer requests have no 99th percentile to speak of.
const fewestRequests = 100;

export function latencyBudget({ latency }: GateFacts, { latencyP99Ms: budget }: GateRules): readonly GateCheck[] {
  if (budget === undefined) return [];
  const name = 'latency_p99_ms';
  if (latency === undefined || !Number.isFinite(latency.p99Ms))
    return [missingFact(name, 'The latency of the candidate was not measured.')];
  if (latency.requests < fewestRequests) {
    return [missingFact(name, `The latency was measured over ${latency.requests} requests; ${fewestRequests} are needed.`)];
  }
  const explanation = `p99 ${figure(latency.p99Ms)} ms over ${latency.requests} requests with ${latency.errors} errors; the budget is ${figure(budget)} ms.`;
  const outcome = latency.p99Ms <= budget && latency.errors === 0 ? 'passed' : 'refused';
  return [{ name, outcome, value: latency.p99Ms, threshold: budget, explanation }];
}

export function sizeBudget({ sizeBytes }: GateFacts, { sizeBytes: budget }: GateRules): readonly GateCheck[] {
  if (budget === undefined) return [];
  const name = 'size_bytes';
  if (sizeBytes === undefined || !(sizeBytes > 0)) return [missingFact(name, 'The size of the model is not known.')];
  const explanation = `The model takes ${sizeBytes} bytes; the budget is ${budget}.`;
  return [{ name, outcome: sizeBytes <= budget ? 'passed' : 'refused', value: sizeBytes, threshold: budget, explanation }];
}

/** The data contracts of what the version was trained on. Rules that were never run are no proof. */
export function contractGreen({ contracts }: GateFacts, { contracts: asked }: GateRules): readonly GateCheck[] {
  if (asked === undefined) return [];
  const name = 'contract_green';
  if (contracts === undefined || contracts.length === 0) return [missingFact(name, 'No data contract was checked for the training data.')];
  const empty = contracts.find((contract) => !(contract.rules > 0));
  if (empty !== undefined) return [missingFact(name, `The contract ${empty.contract} has no rules.`)];
  const unchecked = asked.find((wanted) => contracts.every((contract) => contract.contract !== wanted));
  if (unchecked !== undefined) return [missingFact(name, `The contract ${unchecked} was not checked.`)];
  // A count that is no number is not zero, so it refuses.
  const broken = contracts.filter((contract) => contract.failed !== 0);
  const explanation =
    broken.length === 0
      ? `All rules of ${contracts.length} contract ${contracts.length === 1 ? 'check' : 'checks'} hold.`
      : `Broken: ${broken.map(({ contract, failed, rules: all }) => `${contract} (${failed} of ${all} rules)`).join(', ')}.`;
  return [{ name, outcome: broken.length === 0 ? 'passed' : 'refused', value: broken.length, threshold: 0, explanation }];
}
