import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  categoricalHistogram,
  chiSquareSurvival,
  numericHistogram,
  referenceEdges,
  seededRandom,
  type Histogram,
} from '#kernel/statistics/index.ts';

import { compareColumns } from './compare-columns.ts';
import { defaultDriftMethod, driftMethods } from './methods.ts';

// The generator of Numerical Recipes, so that the same rows can be made in Python.
function congruential(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => (state = (1664525 * state + 1013904223) % 4294967296) / 4294967296);
}

const referenceRows = congruential(11, 5000).map((u) => -Math.log(1 - u));
const currentRows = congruential(12, 2000).map((u) => -Math.log(1 - u) * 1.15 + 0.05);
const edges = referenceEdges(referenceRows, 100) ?? [];
const reference = numericHistogram(referenceRows, edges);
const current = numericHistogram(currentRows, edges);
const methods = Object.values(driftMethods);

function measure(name: keyof typeof driftMethods, a: Histogram, b: Histogram): { readonly value: number; readonly pValue?: number } {
  const result = driftMethods[name].compare(a, b);
  assert.ok(result.state === 'measured', result.state === 'measured' ? '' : result.reason);
  return result;
}

function near(actual: number | undefined, expected: number, tolerance: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('from 100 quantile bins, the distances are those that NumPy and SciPy compute from all rows', () => {
  near(measure('psi', reference, current).value, 0.05561445041509032, 1e-3);
  near(measure('jensen_shannon', reference, current).value, 0.10046815839025215, 1e-3);
  near(measure('hellinger', reference, current).value, 0.08438130988530154, 1e-3);
  near(measure('kolmogorov_smirnov', reference, current).value, 0.0789, 0.01);
  near(measure('wasserstein', reference, current).value, 0.1661355851920017, 0.02);
});

test('categories: the values that SciPy 1.17.1 computes', () => {
  const expand = (counts: readonly number[]): string[] =>
    counts.flatMap((count, index) => Array.from({ length: count }, () => `v${index}`));
  const known = ['v0', 'v1', 'v2', 'v3'];
  const a = categoricalHistogram(expand([500, 300, 150, 50]), known);
  const b = categoricalHistogram(expand([90, 70, 30, 10]), known);
  near(measure('psi', a, b).value, 0.012975559774254224, 1e-12);
  near(measure('jensen_shannon', a, b).value, 0.04835450581959278, 1e-12);
  near(measure('hellinger', a, b).value, 0.0402655690925894, 1e-12);
  // The chi-square distribution with 3 degrees of freedom, at the index over 1/1000 + 1/200.
  near(measure('psi', a, b).pValue, chiSquareSurvival(0.012975559774254224 / 0.006, 3), 1e-9);
  near(measure('hellinger', a, b).pValue, chiSquareSurvival((8 * 0.0402655690925894 ** 2) / 0.006, 3), 1e-9);
  near(measure('jensen_shannon', a, b).pValue, chiSquareSurvival((8 * Math.LN2 * 0.04835450581959278 ** 2) / 0.006, 3), 1e-9);
  near(measure('chi_square', a, b).value, 0.042805850247269496, 1e-12);
  near(measure('chi_square', a, b).pValue, 0.5321830034113584, 1e-12);
});

test('rare categories are pooled before the chi-square test', () => {
  const histogram = (counts: readonly number[], values: readonly string[]): Histogram => ({
    kind: 'categorical',
    values,
    counts,
    other: 0,
    missing: 0,
  });
  const rare = measure(
    'chi_square',
    histogram([500, 490, 3, 2, 5], ['a', 'b', 'c', 'd', 'e']),
    histogram([490, 500, 0, 6, 4], ['a', 'b', 'c', 'd', 'e']),
  );
  const pooled = measure('chi_square', histogram([500, 490, 10], ['a', 'b', 'c']), histogram([490, 500, 10], ['a', 'b', 'c']));
  near(rare.pValue, pooled.pValue ?? 0, 1e-12);
});

test('every method finds nothing between equals and does not mind how often each part is counted', () => {
  for (const method of methods.filter((entry) => entry.kinds.includes('numeric'))) {
    const result = method.compare(reference, reference);
    assert.ok(result.state === 'measured' && result.value < 1e-9, method.name);
    if (result.pValue !== undefined) near(result.pValue, 1, 1e-9);
  }
});

test('what cannot be compared gives a reason, not a number', () => {
  const constant = numericHistogram(
    Array.from({ length: 500 }, () => 7),
    [0, 10, 20],
  );
  const few = numericHistogram(currentRows.slice(0, 20), edges);
  const empty = numericHistogram([Number.NaN, undefined], edges);
  const otherBins = numericHistogram(currentRows, [0, 1, 2]);
  for (const method of methods.filter((entry) => entry.kinds.includes('numeric'))) {
    for (const [a, b] of [
      [constant, constant],
      [reference, few],
      [reference, empty],
      [empty, reference],
      [reference, otherBins],
    ] as const) {
      const result = method.compare(a, b);
      assert.ok(result.state === 'not-measurable' && result.reason.length > 10, method.name);
    }
  }
});

test('values beyond the reference count: a window outside of all bins is as far as can be', () => {
  const outside = numericHistogram(
    referenceRows.map((value) => value + 1000),
    edges,
  );
  near(measure('jensen_shannon', reference, outside).value, 1, 1e-9);
  near(measure('kolmogorov_smirnov', reference, outside).value, 1, 1e-9);
  assert.ok(measure('wasserstein', reference, outside).value > 500);
  assert.ok(measure('psi', reference, outside).value > 1);
});

test('values of all methods are finite and not negative for any counts', () => {
  const counts = fc.array(fc.nat(400), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const histogram = (of: readonly number[]): Histogram => ({
        kind: 'numeric',
        edges: [0, 1, 2, 3],
        counts: of.slice(0, 3),
        below: of[3] ?? 0,
        above: of[4] ?? 0,
        missing: 0,
      });
      for (const method of methods.filter((entry) => entry.kinds.includes('numeric'))) {
        const result = method.compare(histogram(a), histogram(b));
        if (result.state === 'not-measurable') continue;
        assert.ok(Number.isFinite(result.value) && result.value >= 0, method.name);
        assert.ok(result.pValue === undefined || (result.pValue >= 0 && result.pValue <= 1), method.name);
      }
    }),
  );
});

test('p-values of binned distances are even when nothing changed', () => {
  const random = seededRandom(5);
  const sample = (count: number): Histogram =>
    numericHistogram(
      Array.from({ length: count }, () => -Math.log(1 - random.next())),
      edges,
    );
  for (const name of ['psi', 'jensen_shannon', 'hellinger'] as const) {
    const low = Array.from({ length: 300 }, () => measure(name, sample(2000), sample(1000)).pValue ?? 1).filter((p) => p < 0.1).length;
    assert.ok(low >= 12 && low <= 55, `${name}: ${low} of 300 below 0.1`);
  }
});

test('a column drifts when the effect is large enough and chance does not explain it', () => {
  const report = compareColumns(
    { delay: reference, gone: reference },
    { delay: current },
    { common: { methods: ['jensen_shannon', 'psi', 'chi_square'] } },
  );
  assert.deepEqual(
    report.map(({ column, method, result, drifted }) => [column, method, result.state, drifted]),
    [
      ['delay', 'jensen_shannon', 'measured', true],
      ['delay', 'psi', 'measured', false],
      ['delay', 'chi_square', 'not-measurable', false],
      ['gone', 'jensen_shannon', 'not-measurable', false],
      ['gone', 'psi', 'not-measurable', false],
      ['gone', 'chi_square', 'not-measurable', false],
    ],
  );
  const strict = compareColumns(
    { delay: reference },
    { delay: current },
    { columns: { delay: { methods: ['psi'], thresholds: { psi: 0.01 } } } },
  );
  assert.equal(strict[0]?.drifted, true);
});

test('small windows of an unchanged column do not drift, whatever their noise', () => {
  const random = seededRandom(9);
  const fired = Array.from({ length: 200 }, () => {
    const window = numericHistogram(
      Array.from({ length: 120 }, () => -Math.log(1 - random.next())),
      edges,
    );
    return compareColumns({ x: reference }, { x: window }, { common: { methods: ['jensen_shannon'] } })[0];
  });
  assert.ok(fired.some((entry) => entry?.result.state === 'measured' && entry.result.value > 0.1));
  assert.ok(fired.filter((entry) => entry?.drifted).length <= 24);
});

test('the default method goes by kind and size', () => {
  const words = categoricalHistogram(['a', 'b'], ['a', 'b']);
  assert.equal(defaultDriftMethod(reference, current), 'jensen_shannon');
  assert.equal(defaultDriftMethod(reference, numericHistogram([1], edges)), 'kolmogorov_smirnov');
  assert.equal(defaultDriftMethod(words, words), 'chi_square');
  for (const [name, method] of Object.entries(driftMethods)) assert.equal(method.name, name);
});
