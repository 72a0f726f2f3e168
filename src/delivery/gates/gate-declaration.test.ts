import assert from 'node:assert/strict';
import { test } from 'node:test';

import { gateDeclaration } from './gate-declaration.ts';
import { defaultGateRules } from './gate-rules.ts';

test('an empty declaration asks for everything that is asked by default', () => {
  assert.deepEqual(gateDeclaration.parse({}), { ...defaultGateRules, limits: [] });
});

test('bounds become limits and gains; a loss that may grow by nothing must shrink', () => {
  const rules = gateDeclaration.parse({
    minimum_auc: 0.64,
    minimum_auc_over_baseline: 0.015,
    minimum_auc_over_production: -0.002,
    maximum_log_loss_over_baseline: 0,
    maximum_calibration_error: 0.1,
    slices: { by: ['hour'], minimum_rows: 1000, minimum_auc: 0.5 },
    contracts: ['flights'],
  });
  assert.deepEqual(rules.limits, [
    { metric: 'auc', bound: 'minimum', value: 0.64 },
    { metric: 'calibration_error', bound: 'maximum', value: 0.1 },
  ]);
  assert.deepEqual(rules.overBaseline, [
    { metric: 'auc', minimumGain: 0.015 },
    { metric: 'log_loss', minimumGain: 0 },
  ]);
  assert.deepEqual(rules.overProduction, [{ metric: 'auc', minimumGain: -0.002 }]);
  assert.equal(rules.sliceFloors?.minimumRows, 1000);
  assert.deepEqual(rules.contracts, ['flights']);
});

test('a check is given up only by saying so, and a wrong key is refused', () => {
  assert.equal(gateDeclaration.parse({ signature: false }).signature, undefined);
  assert.equal(gateDeclaration.parse({ slices: false }).sliceFloors, undefined);
  for (const bad of [{ minimum_acu: 0.5 }, { minimum_auc: Number.NaN }, { contracts: true }, { bootstrap_samples: 3 }]) {
    assert.equal(gateDeclaration.safeParse(bad).success, false);
  }
});
