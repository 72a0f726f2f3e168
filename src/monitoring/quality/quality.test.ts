import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isotonicCalibration } from '#kernel/statistics/index.ts';

import { estimatedPerformance } from './estimated-performance.ts';
import { realisedPerformance } from './realised-performance.ts';

function congruential(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => (state = (1664525 * state + 1013904223) % 4294967296) / 4294967296);
}

const labels = congruential(1, 400).map((u) => (u < 0.3 ? 1 : 0));
const scores = congruential(2, 400).map((u, row) =>
  Math.min(1, Math.max(0, Math.round((0.3 + 0.35 * (labels[row] ?? 0) + 0.35 * (u - 0.5) * 2 * 0.8) * 100) / 100)),
);

function near(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test('realised performance is that of scikit-learn 1.9.1 on the labelled rows', () => {
  const result = realisedPerformance({ scores, labels });
  assert.ok(result.state === 'measured');
  near(result.auc, 0.9406500855375707);
  near(result.logLoss, 0.40590734821576574);
  near(result.brier, 0.12410699999999998);
  near(result.calibrationError, 0.23784999999999998);
  near(result.observedRate, 102 / 400);
  near(result.accuracy, (252 + 85) / 400);
  assert.equal(result.labelCoverage, 1);
});

test('labels that have not come lower the coverage and nothing else; broken rows are counted and left out', () => {
  const partly = realisedPerformance({ scores: [0.9, 0.1, 0.5, Number.NaN, 0.4, 2], labels: [1, 0, undefined, 1, 7, 0] });
  assert.ok(partly.state === 'measured');
  assert.deepEqual([partly.predictions, partly.labelled, partly.invalid, partly.auc], [6, 5, 3, 1]);
  near(partly.labelCoverage, 5 / 6);
});

test('a window without labels, predictions or usable labels says which', () => {
  assert.deepEqual(realisedPerformance({ scores: [], labels: [] }), {
    state: 'not-measurable',
    reason: 'The window holds no predictions.',
  });
  assert.match(JSON.stringify(realisedPerformance({ scores: [0.1], labels: [undefined] })), /No labels have come/);
  assert.match(JSON.stringify(realisedPerformance({ scores: [0.1], labels: [3] })), /could be used/);
  const oneClass = realisedPerformance({ scores: [0.1, 0.2], labels: [0, 0] });
  assert.ok(oneClass.state === 'measured' && oneClass.auc === undefined && oneClass.brier !== undefined);
});

test('estimated performance agrees with the CBPE formulas on scikit-learn calibration', () => {
  const result = estimatedPerformance({ scores, calibrate: isotonicCalibration({ labels, scores }) });
  assert.ok(result.state === 'measured');
  near(result.accuracy, 0.8471153846153848);
  near(result.precision, 0.6559013505578392);
  near(result.recall, 0.8423831070889894);
  near(result.f1, 0.7375371409706174);
  near(result.auc, 0.9478220818528764);
  const raw = estimatedPerformance({ scores });
  near(raw.state === 'measured' ? raw.auc : undefined, 0.7662308414510498);
});

test('an estimate needs enough probabilities', () => {
  assert.equal(estimatedPerformance({ scores: [] }).state, 'not-measurable');
  assert.equal(estimatedPerformance({ scores: scores.map(() => Number.NaN) }).state, 'not-measurable');
  assert.equal(estimatedPerformance({ scores, calibrate: () => Number.NaN }).state, 'not-measurable');
});
