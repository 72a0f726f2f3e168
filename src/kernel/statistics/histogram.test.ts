import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  alignedCells,
  categoricalHistogram,
  chiSquareHomogeneity,
  equalWidthEdges,
  geometricEdges,
  hellingerDistance,
  histogramDeviation,
  histogramQuantile,
  isConstant,
  jensenShannonDistance,
  joinByReference,
  kolmogorovSmirnov,
  mergeHistograms,
  missingShare,
  numericCounter,
  numericHistogram,
  populationStabilityIndex,
  presentCount,
  referenceEdges,
  shares,
  unseenShare,
  wassersteinDistance,
} from './index.ts';

function near(actual: number | undefined, expected: number, tolerance = 1e-12): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

const edges = [0, 1, 2, 5];
const numbers = fc.array(fc.oneof(fc.double({ min: -3, max: 8 }), fc.constantFrom(Infinity, -Infinity, 0, 1, 5), fc.constant(undefined)));
const words = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'ü', '', '__proto__'), fc.constant(undefined)));
const numeric = numbers.map((values) => numericHistogram(values, edges));
const categorical = words.map((values) => categoricalHistogram(values, ['a', 'b']));
const distribution = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }).filter((counts) => counts.some((count) => count > 0));

test('each value falls in one place: bin, below, above or missing', () => {
  const histogram = numericHistogram([0, 0.5, 1, 1.999, 5, 5.1, -1, Number.NaN, undefined, null, Infinity, -Infinity], edges);
  assert.deepEqual(histogram, {
    kind: 'numeric',
    edges,
    counts: [2, 2, 1],
    below: 2,
    above: 2,
    missing: 3,
    minimum: -1,
    maximum: 5.1,
  });
  assert.equal(presentCount(histogram), 9);
  near(missingShare(histogram), 0.25);
});

test('the histogram of a whole is the merged histogram of its parts', () => {
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      assert.deepEqual(
        mergeHistograms(numericHistogram(left, edges), numericHistogram(right, edges)),
        numericHistogram([...left, ...right], edges),
      );
    }),
  );
});

test('merging is associative, and commutative for numbers', () => {
  fc.assert(
    fc.property(numeric, numeric, numeric, (a, b, c) => {
      assert.deepEqual(mergeHistograms(mergeHistograms(a, b), c), mergeHistograms(a, mergeHistograms(b, c)));
      assert.deepEqual(mergeHistograms(a, b), mergeHistograms(b, a));
    }),
  );
  fc.assert(
    fc.property(categorical, categorical, categorical, (a, b, c) => {
      assert.deepEqual(mergeHistograms(mergeHistograms(a, b), c), mergeHistograms(a, mergeHistograms(b, c)));
    }),
  );
});

test('what cannot be merged or counted is refused', () => {
  const histogram = numericHistogram([1], edges);
  assert.throws(() => mergeHistograms(histogram, numericHistogram([1], [0, 1])), { code: 'statistics.histograms-differ' });
  assert.throws(() => mergeHistograms(histogram, categoricalHistogram(['a'], ['a'])), { code: 'statistics.histograms-differ' });
  for (const bad of [[], [1], [1, 1], [2, 1], [0, Infinity], [Number.NaN, 1]]) {
    assert.throws(() => numericCounter(bad), { code: 'statistics.edges-not-ascending' });
  }
  assert.throws(() => categoricalHistogram([], ['a', 'a']), { code: 'statistics.values-repeated' });
});

test('edges of a reference keep each of a few values apart and share out many evenly', () => {
  assert.deepEqual(referenceEdges([22, 23, 1, 1, Number.NaN]), [1, 22, 23, 24]);
  assert.equal(referenceEdges([Number.NaN, Infinity]), undefined);
  const constant = referenceEdges([7, 7]);
  assert.deepEqual(numericHistogram([7, 8, 6], constant ?? []).counts, [1]);
  const many = Float64Array.from({ length: 5000 }, (_, index) => (index % 2 === 0 ? 0 : index));
  const made = referenceEdges(many, 50) ?? [];
  const counted = numericHistogram(many, made);
  assert.ok(counted.below === 0 && counted.above === 0 && made.length < 50);
});

test('latency edges hold each value within one tenth', () => {
  const latency = geometricEdges(1, 1000);
  assert.equal(latency[0], 0);
  assert.ok((latency.at(-1) ?? 0) >= 1000);
  const values = Array.from({ length: 1000 }, (_, index) => index + 1);
  const p99 = histogramQuantile(numericHistogram(values, latency), 0.99);
  assert.ok(p99 !== undefined && Math.abs(p99 / 990 - 1) < 0.1);
  assert.equal(histogramQuantile(numericHistogram([], latency), 0.5), undefined);
});

test('values never seen in the reference are counted, numbers and categories', () => {
  const reference = categoricalHistogram(['a', 'a'], ['a', 'b']);
  near(unseenShare(reference, categoricalHistogram(['a', 'b', 'c', 'a'], ['a', 'b'])), 0.5);
  near(unseenShare(numericHistogram([1], edges), numericHistogram([-1, 1, 9, 2], edges)), 0.5);
  assert.equal(unseenShare(reference, categoricalHistogram([], ['a'])), undefined);
});

test('distances agree with SciPy 1.17.1', () => {
  const reference = [500, 300, 150, 50];
  const current = [90, 70, 30, 10];
  near(jensenShannonDistance(shares(reference), shares(current)), 0.04835450581959278);
  near(jensenShannonDistance([0.5, 0.5, 0], [0, 0.5, 0.5]), Math.SQRT1_2);
  near(hellingerDistance(shares(reference), shares(current)), 0.0402655690925894);
  near(populationStabilityIndex(shares(reference), shares(current)), 0.012975559774254224);
  const chi = chiSquareHomogeneity({ reference, current });
  near(chi?.statistic, 2.198808978469994);
  near(chi?.pValue, 0.5321830034113584);
  near(chi?.cramersV, 0.042805850247269496);
  const ks = kolmogorovSmirnov({ reference, current });
  near(ks?.distance, 0.05);
  near(ks?.pValue, 0.7989513616577231, 1e-9);
});

test('distances are symmetric, bounded, and nothing between equals', () => {
  fc.assert(
    fc.property(distribution, distribution, (a, b) => {
      const [p, q] = [shares(a), shares(b)];
      for (const distance of [jensenShannonDistance, hellingerDistance]) {
        near(distance(p, q), distance(q, p));
        assert.ok(distance(p, q) >= 0 && distance(p, q) <= 1);
        near(distance(p, p), 0, 1e-7);
      }
      near(populationStabilityIndex(p, q), populationStabilityIndex(q, p), 1e-9);
      near(populationStabilityIndex(p, p), 0);
      near(kolmogorovSmirnov({ reference: a, current: b })?.distance, kolmogorovSmirnov({ reference: b, current: a })?.distance ?? 0);
      const [chi, turned] = [chiSquareHomogeneity({ reference: a, current: b }), chiSquareHomogeneity({ reference: b, current: a })];
      if (chi !== undefined) near(turned?.statistic, chi.statistic, 1e-9);
    }),
  );
});

test('cells are not split when joined, and tails stay apart when asked', () => {
  const cells = { reference: [0, 1, 1, 6, 1, 1, 0], current: [2, 1, 1, 1, 1, 1, 3] };
  assert.deepEqual(joinByReference(cells, 5, 'joined'), { reference: [2, 6, 2], current: [4, 1, 5] });
  assert.deepEqual(joinByReference(cells, 5, 'apart'), { reference: [0, 2, 6, 2, 0], current: [2, 2, 1, 2, 3] });
  const merged = { reference: [4, 5, 5, 6], current: [1, 2, 3, 4] };
  assert.deepEqual(joinByReference(merged, 2, 'apart'), merged);
  assert.equal(alignedCells(numericHistogram([1], edges), numericHistogram([1], [0, 1])), undefined);
  assert.deepEqual(alignedCells(categoricalHistogram(['a', 'z'], ['a']), categoricalHistogram(['b'], ['b'])), {
    reference: [1, 0, 1],
    current: [0, 1, 0],
  });
  assert.ok(isConstant(numericHistogram([1.1, 1.2], edges)) && !isConstant(numericHistogram([1, 2], edges)));
});

test('one absurd value does not stretch the whole tail', () => {
  const ten = equalWidthEdges(0, 10, 10);
  const values = Array.from({ length: 1000 }, (_, index) => index / 100);
  const reference = numericHistogram(values, ten);
  const calm = wassersteinDistance(reference, numericHistogram([...values, ...Array.from({ length: 20 }, () => 10.5)], ten));
  const wild = wassersteinDistance(reference, numericHistogram([...values, ...Array.from({ length: 19 }, () => 10.5), 1e9], ten));
  assert.ok(calm !== undefined && wild !== undefined && wild - calm < 0.2, `${calm} ${wild}`);
});

test('the area between curves: a shift is its length, tails outside the bins included', () => {
  const wide = equalWidthEdges(0, 10, 1000);
  const values = Array.from({ length: 10_000 }, (_, index) => (index + 0.5) / 1000);
  const reference = numericHistogram(values, wide);
  near(wassersteinDistance(reference, reference), 0);
  near(
    wassersteinDistance(
      reference,
      numericHistogram(
        values.map((value) => value + 2),
        wide,
      ),
    ),
    2,
    0.01,
  );
  near(
    wassersteinDistance(
      reference,
      numericHistogram(
        values.map((value) => value / 2),
        wide,
      ),
    ),
    2.5,
    0.01,
  );
  near(histogramDeviation(reference), 10 / Math.sqrt(12), 0.001);
  assert.equal(wassersteinDistance(reference, numericHistogram([], wide)), undefined);
});
