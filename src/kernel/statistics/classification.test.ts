import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  auc,
  aucWithError,
  benjaminiHochberg,
  brierScore,
  calibrationError,
  calibrationTable,
  confusionAt,
  confusionRates,
  delongTest,
  isotonicCalibration,
  logLoss,
  mean,
  pairedBootstrap,
  positiveRate,
  weightedMetrics,
} from './index.ts';

// The generator of Numerical Recipes, so that the same rows can be made in Python.
function congruential(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => (state = (1664525 * state + 1013904223) % 4294967296) / 4294967296);
}

function cents(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 100) / 100));
}

const labels = congruential(1, 400).map((u) => (u < 0.3 ? 1 : 0));
const noise = congruential(2, 400);
const blur = congruential(3, 400);
const good = labels.map((label, row) => cents(0.3 + 0.35 * label + 0.35 * ((noise[row] ?? 0) - 0.5) * 2 * 0.8));
const poor = good.map((score, row) => cents(0.6 * score + 0.4 * (blur[row] ?? 0)));

function near(actual: number | undefined, expected: number, tolerance = 1e-12): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

const rows = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 20 }).map((value) => value / 20) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((entries) => ({ labels: entries.map((entry) => entry.label), scores: entries.map((entry) => entry.score) }));

test('metrics agree with scikit-learn 1.9.1 on rows with many ties', () => {
  near(auc({ labels, scores: good }), 0.9406500855375707);
  near(auc({ labels, scores: poor }), 0.8550467166732465);
  near(logLoss({ labels, scores: good }), 0.40590734821576574);
  near(logLoss({ labels, scores: poor }), 0.5225704933572369);
  near(brierScore({ labels, scores: good }), 0.12410699999999998);
  assert.deepEqual(confusionAt({ labels, scores: good }, 0.5), {
    trueNegatives: 252,
    falsePositives: 46,
    falseNegatives: 17,
    truePositives: 85,
  });
  near(confusionRates({ truePositives: 3, falsePositives: 1, falseNegatives: 2, trueNegatives: 4 }).f1, 6 / 9);
});

test('the AUC does not depend on the order of rows and turns round when labels do', () => {
  fc.assert(
    fc.property(rows, ({ labels: l, scores: s }) => {
      const value = auc({ labels: l, scores: s });
      const reversed = auc({ labels: l.toReversed(), scores: s.toReversed() });
      if (value === undefined) return assert.ok(new Set(l).size < 2);
      near(reversed, value);
      near(auc({ labels: l.map((label) => 1 - label), scores: s }), 1 - value);
      return assert.ok(value >= 0 && value <= 1);
    }),
  );
});

test('a metric of nothing, of one class or of broken scores is no number', () => {
  for (const metric of [auc, logLoss, brierScore, calibrationError]) {
    assert.equal(metric({ labels: [], scores: [] }), undefined);
    assert.equal(metric({ labels: [0, 1], scores: [0.1, Number.NaN] }), undefined);
  }
  assert.equal(auc({ labels: [1, 1], scores: [0.2, 0.4] }), undefined);
  assert.equal(logLoss({ labels: [0, 1], scores: [0.1, 1.2] }), undefined);
  assert.equal(mean([1, Infinity]), undefined);
  assert.equal(positiveRate([]), undefined);
  assert.deepEqual(confusionRates({ truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 }).precision, undefined);
  assert.throws(() => auc({ labels: [0, 1], scores: [1] }), { code: 'statistics.lengths-differ' });
});

test('the log loss of a certain and wrong model is large but finite, as in scikit-learn', () => {
  near(logLoss({ labels: [1], scores: [0] }), 36.04365338911715);
});

test('the calibration error agrees with its definition, by width and by count', () => {
  near(calibrationError({ labels, scores: good }), 0.23784999999999998);
  near(calibrationError({ labels, scores: poor }), 0.21067499999999995);
  near(calibrationError({ labels, scores: congruential(9, 400) }, { bins: 10, by: 'equal-count' }), 0.30641183691215707);
});

test('a calibration table counts every row once and does not depend on the order of rows', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom('equal-width', 'equal-count'), ({ labels: l, scores: s }, by) => {
      const table = calibrationTable({ labels: l, scores: s }, { bins: 7, by }) ?? [];
      assert.equal(
        table.reduce((sum, bin) => sum + bin.count, 0),
        l.length,
      );
      for (const bin of table) assert.ok(bin.lower <= bin.predicted + 1e-12 && bin.predicted <= bin.upper + 1e-12);
      const reversed = calibrationTable({ labels: l.toReversed(), scores: s.toReversed() }, { bins: 7, by }) ?? [];
      assert.deepEqual(
        reversed.map((bin) => bin.count),
        table.map((bin) => bin.count),
      );
    }),
  );
});

test('isotonic calibration agrees with scikit-learn 1.9.1 and rises', () => {
  const calibrate = isotonicCalibration({ labels, scores: good });
  assert.ok(calibrate !== undefined);
  for (const [score, expected] of [
    [0, 0],
    [0.333, 0],
    [0.4, 0.16923076923076924],
    [0.455, 0.16923076923076924],
    [0.6, 1],
    [1, 1],
  ] as const) {
    near(calibrate(score), expected);
  }
  const between = isotonicCalibration({ labels: [0, 1], scores: [0.2, 0.6] });
  near(between?.(0.3), 0.25);
  assert.equal(isotonicCalibration({ labels: [], scores: [] }), undefined);
});

test('the DeLong test agrees with placement values computed pair by pair in NumPy', () => {
  const result = delongTest(labels, good, poor);
  near(result?.difference, 0.08560336886432418);
  near(result?.standardError, 0.01841152340223061);
  near(result?.z, 4.649445186809098, 1e-9);
  near(result?.pValue, 3.32829118250085e-6, 1e-15);
  near(result?.first, 0.9406500855375707);
  near(result?.second, 0.8550467166732465);
  near(aucWithError({ labels, scores: good })?.auc, 0.9406500855375707);
  near(aucWithError({ labels, scores: good })?.standardError, 0.012877216245456598);
  assert.equal(delongTest(labels, good, good)?.pValue, 1);
  assert.equal(delongTest([0, 1, 0], [1, 2, 3], [1, 2, 3]), undefined);
});

test('the paired bootstrap agrees with scipy.stats.bootstrap and with DeLong', () => {
  const result = pairedBootstrap({ labels, first: good, second: poor }, { metric: 'auc', seed: 7, resamples: 3000 });
  assert.ok(result.state === 'measured');
  near(result.percentile.lower, 0.049004347428573715, 0.003);
  near(result.percentile.upper, 0.12241431511365156, 0.003);
  near(result.standardError, 0.01841152340223061, 0.001);
  const losses = pairedBootstrap({ labels, first: good, second: poor }, { metric: 'log_loss', seed: 7, resamples: 3000 });
  assert.ok(losses.state === 'measured');
  near(losses.basic.lower, -0.13936573673940078, 0.002);
  near(losses.basic.upper, -0.0953525086725504, 0.002);
});

test('a model is not different from itself, whichever metric', () => {
  for (const metric of ['auc', 'log_loss', 'brier', 'calibration_error'] as const) {
    const result = pairedBootstrap({ labels, first: good, second: good }, { metric, seed: 1, resamples: 50 });
    assert.ok(result.state === 'measured');
    assert.deepEqual(result.percentile, { lower: 0, upper: 0 });
  }
});

test('a weighted metric with all weights 1 is the plain metric', () => {
  const ones = new Uint32Array(400).fill(1);
  near(weightedMetrics.auc.prepare({ labels, scores: good })(ones), 0.9406500855375707);
  near(weightedMetrics.brier.prepare({ labels, scores: good })(ones), 0.12410699999999998);
  near(weightedMetrics.calibration_error.prepare({ labels, scores: good })(ones), 0.23784999999999998);
});

test('a bootstrap of too few rows or broken scores says so', () => {
  const few = pairedBootstrap({ labels: [0, 1, 1], first: [0.1, 0.2, 0.3], second: [0.1, 0.2, 0.3] }, { metric: 'auc', seed: 1 });
  assert.deepEqual(few, {
    state: 'not-measurable',
    reason: 'There are 2 positive and 1 negative rows; a comparison needs 10 of each.',
  });
  const broken = pairedBootstrap({ labels, first: good.with(3, Number.NaN), second: good }, { metric: 'auc', seed: 1 });
  assert.equal(broken.state, 'not-measurable');
});

test('the same seed gives the same interval, and 20,000 rows × 1,000 resamples stay fast', () => {
  const many = 20_000;
  const l = Uint8Array.from(congruential(4, many), (u) => (u < 0.2 ? 1 : 0));
  const first = Float64Array.from(congruential(5, many), (u, row) => (u + (l[row] ?? 0)) / 2);
  const second = Float64Array.from(congruential(6, many), (u, row) => (u * 2 + (l[row] ?? 0)) / 3);
  const start = performance.now();
  const result = pairedBootstrap({ labels: l, first, second }, { metric: 'auc', seed: 3, resamples: 1000 });
  const elapsed = performance.now() - start;
  assert.ok(elapsed < 3000, `${elapsed} ms`);
  const small = { labels, first: good, second: poor };
  assert.deepEqual(pairedBootstrap(small, { metric: 'auc', seed: 3 }), pairedBootstrap(small, { metric: 'auc', seed: 3 }));
  assert.equal(result.state, 'measured');
});

test('Benjamini-Hochberg agrees with SciPy 1.17.1', () => {
  const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.5, 0.2]);
  [0.03, 0.06, 0.06, 0.03, 0.5, 0.24].forEach((expected, index) => near(adjusted[index], expected));
  assert.deepEqual(benjaminiHochberg([]), []);
  assert.deepEqual(benjaminiHochberg([Number.NaN]), [1]);
});
