import type { GateCheck } from './gates/gate-rules.ts';
import type { GateEvaluation, Release } from './model.ts';
import type { ReleaseStory } from './releases.ts';
import type { GateCheckWire, GateWire, ReleaseStoryWire, ReleaseWire } from './wire.ts';

export function toWire(release: Release): ReleaseWire {
  const { plan, cancellation, author, failure, origin: _, smoke: __, smokeChecks: ___, attempts: ____, project: _____, ...shown } = release;
  return {
    ...shown,
    author: { ...author },
    approvalsNeeded: plan.approvals.needed,
    cancelRequested: cancellation !== undefined,
    failure: failure && { ...failure },
  };
}

export function storyToWire({ release, gates, approvals, steps, progress }: ReleaseStory): ReleaseStoryWire {
  return {
    ...toWire(release),
    progress,
    gates: gates.map(gateToWire),
    approvals: approvals.map((approval) => ({ ...approval, approver: { ...approval.approver } })),
    timeline: steps.map((step) => ({ ...step })),
  };
}

function gateToWire(gate: GateEvaluation): GateWire {
  const { measurements, checks, policies } = gate;
  return { ...gate, measurements: measurements && { ...measurements }, policies: [...policies], checks: checks.map(checkToWire) };
}

function checkToWire(check: GateCheck): GateCheckWire {
  return { ...check, comparison: check.comparison && { ...check.comparison } };
}
