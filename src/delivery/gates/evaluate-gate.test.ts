import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seededRandom } from '#kernel/statistics/index.ts';

import { evaluateGate } from './evaluate-gate.ts';
import type { GateFacts, Signature } from './gate-facts.ts';
import { defaultGateRules, type GateCheck, type GateRules } from './gate-rules.ts';
import { signatureBreaks } from './signature-compatibility.ts';

const random = seededRandom(42);
const count = 4000;
const labels = Uint8Array.from({ length: count }, () => (random.next() < 0.25 ? 1 : 0));

// The larger the signal, the better the model.
function scores(signal: number): Float64Array {
  return Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-(signal * (label - 0.5) + (random.next() - 0.5) * 4))));
}

const good = scores(2);
const mid = scores(1.4);
const weak = scores(0.4);
const signature: Signature = {
  inputs: [
    { name: 'hour', datatype: 'INT64', shape: [-1, 1] },
    { name: 'origin', datatype: 'BYTES', shape: [-1, 1], optional: true },
  ],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1, 1] }],
};
const rules: GateRules = {
  ...defaultGateRules,
  limits: [{ metric: 'auc', bound: 'minimum', value: 0.6 }],
  contracts: ['flights'],
  bootstrap: { resamples: 200, confidence: 0.95, seed: 1 },
};
const every = (step: number, from: number): number[] =>
  Array.from({ length: Math.floor((count - from) / step) }, (_, index) => from + index * step);

type AllFacts = { readonly [Name in keyof GateFacts]-?: NonNullable<GateFacts[Name]> };

const facts: AllFacts = {
  evaluation: {
    labels,
    candidate: good,
    baseline: weak,
    production: mid,
    slices: [
      { slice: 'hour=even', rows: every(2, 0) },
      { slice: 'hour=odd', rows: every(2, 1) },
      { slice: 'airport=tiny', rows: every(100, 0) },
    ],
  },
  production: { state: 'version', version: 3, signature },
  signature,
  latency: { requests: 500, errors: 0, p99Ms: 12 },
  sizeBytes: 40_000,
  contracts: [{ contract: 'flights', rules: 12, failed: 0 }],
};

function check(input: GateFacts, name: string, by: GateRules = rules): GateCheck {
  const found = evaluateGate(input, by).checks.find((entry) => entry.name === name);
  assert.ok(found !== undefined, `no check ${name}`);
  return found;
}

test('a better model with all its evidence passes every check', () => {
  const verdict = evaluateGate(facts, rules);
  assert.equal(verdict.outcome, 'passed', JSON.stringify(verdict.checks, undefined, 1));
  assert.deepEqual(
    verdict.checks.map((entry) => entry.name),
    [
      'minimum_auc',
      'auc_over_baseline',
      'auc_over_production',
      'slice_floors',
      'latency_p99_ms',
      'size_bytes',
      'contract_green',
      'signature_compatible',
    ],
  );
});

test('without any one fact the gate stays closed and says what is missing', () => {
  for (const name of Object.keys(facts)) {
    const verdict = evaluateGate({ ...facts, [name]: undefined }, rules);
    assert.equal(verdict.outcome, 'refused', name);
    assert.ok(
      verdict.checks.some((entry) => entry.outcome === 'refused' && /gate stays closed/.test(entry.explanation)),
      name,
    );
  }
  const nothing = evaluateGate({}, rules);
  assert.ok(nothing.checks.length === 8 && nothing.checks.every((entry) => entry.outcome === 'refused'));
  assert.equal(evaluateGate(facts, { bootstrap: rules.bootstrap }).outcome, 'refused');
});

test('no broken fact opens the gate', () => {
  const broken: readonly GateFacts[] = [
    { ...facts, evaluation: { ...facts.evaluation, candidate: good.with(7, Number.NaN) } },
    { ...facts, evaluation: { ...facts.evaluation, candidate: good.subarray(1) } },
    { ...facts, evaluation: { ...facts.evaluation, labels: [] } },
    { ...facts, evaluation: { ...facts.evaluation, labels: new Uint8Array(count) } },
    { ...facts, evaluation: { ...facts.evaluation, production: good.subarray(2) } },
    { ...facts, evaluation: { ...facts.evaluation, slices: [] } },
    { ...facts, evaluation: { ...facts.evaluation, slices: [{ slice: 'x', rows: [...every(2, 0), count] }] } },
    { ...facts, latency: { requests: 500, errors: 0, p99Ms: Number.NaN } },
    { ...facts, latency: { requests: 3, errors: 0, p99Ms: 1 } },
    { ...facts, latency: { requests: 500, errors: 1, p99Ms: 1 } },
    { ...facts, sizeBytes: Number.NaN },
    { ...facts, sizeBytes: 0 },
    { ...facts, contracts: [] },
    { ...facts, contracts: [{ contract: 'flights', rules: 0, failed: 0 }] },
    { ...facts, contracts: [{ contract: 'flights', rules: 4, failed: Number.NaN }] },
    { ...facts, production: { state: 'version', version: 3, signature: undefined } },
  ];
  const quick = { ...rules, bootstrap: { ...rules.bootstrap, resamples: 20 } };
  broken.forEach((input, index) => assert.equal(evaluateGate(input, quick).outcome, 'refused', `case ${index}`));
});

test('a worse model is refused against baseline and production', () => {
  const worse = { ...facts, evaluation: { ...facts.evaluation, candidate: weak, baseline: mid } };
  assert.equal(check(worse, 'auc_over_baseline').outcome, 'refused');
  assert.equal(check(worse, 'auc_over_production').outcome, 'refused');
  assert.match(
    check(worse, 'auc_over_production').explanation,
    /version 3 in production on 4000 rows.*asked for is a loss of at most 0.005/,
  );
});

test('the same model is not worse, but not better either', () => {
  const same = { ...facts, evaluation: { ...facts.evaluation, candidate: mid } };
  assert.equal(check(same, 'auc_over_production').outcome, 'passed');
  const superior: GateRules = { ...rules, overProduction: [{ metric: 'auc', minimumGain: 0 }] };
  assert.equal(check(same, 'auc_over_production', superior).outcome, 'refused');
  assert.equal(check(facts, 'auc_over_production', superior).outcome, 'passed');
});

test('a gain that chance explains is not a gain', () => {
  const row = mid.findIndex((score, index) => labels[index] === 1 && score < 0.5);
  const luckier = { ...facts, evaluation: { ...facts.evaluation, candidate: mid.with(row, 1) } };
  const result = check(luckier, 'auc_over_production', { ...rules, overProduction: [{ metric: 'auc', minimumGain: 0 }] });
  assert.match(result.explanation, /gain 0\.000/);
  assert.equal(result.outcome, 'refused');
});

test('for a loss, lower is better', () => {
  const byLoss: GateRules = { ...rules, overProduction: [{ metric: 'brier', minimumGain: 0 }] };
  assert.equal(check(facts, 'brier_over_production', byLoss).outcome, 'passed');
  const turned = { ...facts, evaluation: { ...facts.evaluation, candidate: mid, production: good } };
  assert.equal(check(turned, 'brier_over_production', byLoss).outcome, 'refused');
});

test('a first release has nothing in production to compare with', () => {
  const first: GateFacts = { ...facts, production: { state: 'none' }, evaluation: { ...facts.evaluation, production: undefined } };
  assert.equal(evaluateGate(first, rules).outcome, 'passed');
});

test('a slice under its floor refuses and is named; small slices are not judged', () => {
  const candidate = good.map((score, row) => (row % 2 === 1 ? 1 - score : score));
  const result = check({ ...facts, evaluation: { ...facts.evaluation, candidate } }, 'slice_floors');
  assert.equal(result.outcome, 'refused');
  assert.match(result.explanation, /^1 of 2 slices are under their floor: hour=odd .* 1 smaller or one-sided slice was not judged\.$/);
  const high: GateRules = { ...rules, sliceFloors: { floor: 0.5, floors: { 'hour=even': 0.999 }, minimumRows: 200, test: 'point' } };
  assert.match(check(facts, 'slice_floors', high).explanation, /hour=even/);
});

test('a slice under its floor by chance alone does not refuse, unless the figure itself is to decide', () => {
  const floor = (check(facts, 'slice_floors').value ?? 0) + 0.002;
  const floors = { floor, minimumRows: 200 };
  assert.equal(check(facts, 'slice_floors', { ...rules, sliceFloors: { ...floors, test: 'significant' } }).outcome, 'passed');
  assert.equal(check(facts, 'slice_floors', { ...rules, sliceFloors: { ...floors, test: 'point' } }).outcome, 'refused');
});

test('budgets and contracts refuse with figures', () => {
  assert.match(check({ ...facts, latency: { requests: 500, errors: 0, p99Ms: 80 } }, 'latency_p99_ms').explanation, /p99 80 ms/);
  assert.equal(check({ ...facts, sizeBytes: 1e9 }, 'size_bytes').outcome, 'refused');
  const red = check({ ...facts, contracts: [{ contract: 'flights', rules: 12, failed: 2 }] }, 'contract_green');
  assert.equal(red.explanation, 'Broken: flights (2 of 12 rules).');
  assert.match(
    check(facts, 'contract_green', { ...rules, contracts: ['flights', 'airports'] }).explanation,
    /^The contract airports was not checked/,
  );
  const limits = [{ metric: 'calibration_error', bound: 'maximum', value: 0.0001 }] as const;
  assert.equal(check(facts, 'maximum_calibration_error', { ...rules, limits }).outcome, 'refused');
});

test('a signature may widen for its callers, never narrow', () => {
  const [hour, origin] = signature.inputs;
  const [probability] = signature.outputs;
  assert.ok(hour !== undefined && origin !== undefined && probability !== undefined);
  const extra = { name: 'wind', datatype: 'FP32', shape: [-1, 1] };
  const breaks = (next: Signature): number => signatureBreaks(signature, next, 'compatible').length;
  assert.equal(breaks(signature), 0);
  assert.equal(breaks({ ...signature, inputs: [hour] }), 1);
  assert.equal(breaks({ ...signature, inputs: [hour, origin, extra] }), 1);
  assert.equal(breaks({ ...signature, inputs: [hour, origin, { ...extra, optional: true }], outputs: [probability, extra] }), 0);
  assert.equal(
    breaks({
      ...signature,
      inputs: [
        { ...hour, datatype: 'FP32' },
        { ...origin, optional: false },
      ],
    }),
    2,
  );
  assert.equal(breaks({ ...signature, inputs: [{ ...hour, shape: [8, 1] }, origin] }), 1);
  assert.equal(breaks({ ...signature, outputs: [{ ...probability, shape: [-1, 2] }] }), 1);
  assert.equal(signatureBreaks(signature, { ...signature, outputs: [probability, extra] }, 'strict').length, 1);
});
