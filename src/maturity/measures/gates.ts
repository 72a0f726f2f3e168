/** Whether gates look at the right things, and whether they bite. */
import { passedChecks } from '../facts/models.ts';
import { get, rows } from '../facts/table.ts';
import type { Measure } from '../model.ts';
import { describe, productionReleases } from './production.ts';
import { shareOf } from './share.ts';

/** Names of delivery's checks: `auc_over_baseline`, `log_loss_over_production`, `slice_floors`. */
const comparison = /_over_(?:baseline|production)$/;
const slices = 'slice_floors';

/** The gate compared the version with the one before or the baseline, and looked at slices. */
export const qualityGate: Measure = (facts, view) =>
  shareOf(
    productionReleases(facts, view).map((deploy) => {
      const version = get(facts.models.versions, deploy.model, deploy.version);
      const checks = version === undefined ? [] : passedChecks(version);
      const compared =
        version !== undefined && (rows(version.gates).some((gate) => gate.compared) || checks.some((name) => comparison.test(name)));
      const met = deploy.gated && compared && checks.includes(slices);
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
