/** Whether gates look at the right things, and whether they bite. */
import { gatesPassed } from '../facts/models.ts';
import { get, rows } from '../facts/table.ts';
import type { Measure } from '../model.ts';
import { describe, productionReleases } from './production.ts';
import { shareOf } from './share.ts';

const comparison = /baseline|champion|better|improve|regress/i;
const slices = /slice|segment|subgroup/i;

/** The gate compared the version with the one before or the baseline, and looked at slices. */
export const qualityGate: Measure = (facts, view) =>
  shareOf(
    productionReleases(facts, view).map((deploy) => {
      const version = get(facts.models.versions, deploy.model, deploy.version);
      const gates = version === undefined ? undefined : gatesPassed(version, deploy.environment);
      const checks = gates?.results.flatMap((result) => result.passedChecks) ?? [];
      const compared = (gates?.results.some((result) => result.compared) ?? false) || checks.some((name) => comparison.test(name));
      const met = deploy.gated && compared && checks.some((name) => slices.test(name));
      return { name: describe(deploy), met, events: [...deploy.gateEvents, deploy.number] };
    }),
    {
      one: 'production release',
      many: 'production releases',
      none: 'no model was released to production in this time',
      has: 'passed a gate that compares with the champion or the baseline and looks at slices',
      have: 'passed a gate that compares with the champion or the baseline and looks at slices',
    },
  );

/** Gates that have refused something, a rehearsal or in earnest. A gate that never says no is not known to work. */
export const gatesHaveTeeth: Measure = (facts, view) =>
  shareOf(
    rows(facts.models.gates)
      .filter((gate) => gate.time >= view.since)
      .map((gate) => {
        const refusal = gate.lastRefusal !== undefined && gate.lastRefusal.time >= view.since ? gate.lastRefusal : undefined;
        return { name: gate.gate, met: refusal !== undefined, events: [refusal?.number ?? gate.number] };
      }),
    {
      one: 'gate',
      many: 'gates',
      none: 'no gate was evaluated in this time',
      has: 'has refused a model',
      have: 'have refused a model',
    },
  );
