import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  chiSquareSurvival,
  kolmogorovSurvival,
  mannWhitney,
  midRanks,
  normalQuantile,
  normalCdf,
  normalSurvival,
  proportionDifferenceInterval,
  quantileOfSorted,
  seededRandom,
  sortedFinite,
  twoProportionTest,
  wilsonInterval,
  xoshiro128,
} from './index.ts';
import { logGamma } from './special-functions.ts';

function near(actual: number | undefined, expected: number, relative = 1e-10): void {
  const limit = Math.max(1e-15, Math.abs(expected) * relative);
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= limit, `${actual} is not ${expected}`);
}

test('the generator gives the outputs of the reference code for its state 1, 2, 3, 4', () => {
  const generate = xoshiro128([1, 2, 3, 4]);
  assert.deepEqual(Array.from({ length: 6 }, generate), [11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
});

test('a seed decides the stream, seeds next to each other differ, and draws are even', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 1000 }, () => random.integer(10));
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const counts = draw(0).reduce(
    (sum, value) => sum.with(value, (sum[value] ?? 0) + 1),
    Array.from({ length: 10 }, () => 0),
  );
  for (const count of counts) assert.ok(count > 60 && count < 140, String(count));
});

test('distribution functions agree with SciPy 1.17.1', () => {
  for (const [z, expected] of [
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1.96, 0.024997895148220435],
    [6, 9.865876450376946e-10],
    [-1.5, 0.9331927987311419],
  ] as const)
    near(normalSurvival(z), expected);
  for (const [share, expected] of [
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.99999, 4.264890793923841],
  ] as const)
    near(normalQuantile(share), expected, 1e-9);
  for (const [x, k, expected] of [
    [0.5, 1, 0.47950012218695337],
    [3.84, 1, 0.05004352124870519],
    [10, 4, 0.04042768199451279],
    [30, 10, 0.000856641210775301],
    [250, 200, 0.009379131668826098],
    [0.1, 5, 0.9998376833880774],
  ] as const)
    near(chiSquareSurvival(x, k), expected);
  for (const [x, expected] of [
    [0.2, 0.999999999999495],
    [0.5, 0.9639452436648751],
    [0.8, 0.5441424115741981],
    [1.17, 0.12939004218561884],
    [1.19, 0.11774229287977166],
    [1.36, 0.049485876755377876],
    [3, 3.045995948942526e-8],
  ] as const)
    near(kolmogorovSurvival(x), expected, 1e-9);
  for (const [x, expected] of [
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [3.7, 1.428072326665388],
    [100, 359.1342053695754],
  ] as const)
    near(logGamma(x), expected, 1e-12);
  assert.ok(Math.abs(logGamma(1)) < 1e-14);
});

test('ends and nonsense of distribution functions', () => {
  assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
  assert.deepEqual([normalSurvival(Infinity), normalSurvival(-Infinity), normalSurvival(40)], [0, 1, 0]);
  assert.ok(Number.isNaN(normalSurvival(Number.NaN)) && Number.isNaN(kolmogorovSurvival(Number.NaN)));
  assert.equal(kolmogorovSurvival(0), 1);
  assert.throws(() => normalQuantile(1.5), { code: 'statistics.not-a-share' });
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (share) => near(normalCdf(normalQuantile(share)), share, 1e-9)),
  );
});

test('quantiles and ranks agree with NumPy and SciPy', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const sorted = sortedFinite([...values, Number.NaN, Infinity]);
  [1, 1, 1.75, 3.5, 6.9, 9].forEach((expected, index) => near(quantileOfSorted(sorted, [0, 0.1, 0.25, 0.5, 0.9, 1][index] ?? 0), expected));
  assert.deepEqual(Array.from(midRanks(values)), [4, 1.5, 5, 1.5, 6, 8, 3, 7]);
  assert.equal(quantileOfSorted([], 0.5), undefined);
});

test('proportion tests and intervals agree with statsmodels 0.15.0', () => {
  const first = { successes: 30, trials: 200 };
  const second = { successes: 45, trials: 210 };
  near(twoProportionTest(first, second)?.z, -1.6829763461389204);
  near(twoProportionTest(first, second)?.pValue, 0.09237967055994593);
  near(twoProportionTest(first, second, 'greater')?.pValue, 0.953810164720027);
  near(wilsonInterval(first).lower, 0.10713593562241994);
  near(wilsonInterval(first).upper, 0.2060557928416666);
  near(wilsonInterval({ successes: 0, trials: 50 }).upper, 0.07134759913335874);
  near(proportionDifferenceInterval(first, second)?.lower, -0.13832334674240365);
  near(proportionDifferenceInterval(first, second)?.upper, 0.01089740744300191);
  const none = proportionDifferenceInterval({ successes: 0, trials: 300 }, { successes: 3, trials: 5700 });
  near(none?.lower, -0.0015463982557542997);
  near(none?.upper, 0.01212142480907514);
});

test('nothing is said about proportions without trials', () => {
  assert.equal(twoProportionTest({ successes: 0, trials: 0 }, { successes: 1, trials: 2 }), undefined);
  assert.deepEqual(wilsonInterval({ successes: 0, trials: 0 }), { lower: 0, upper: 1 });
  assert.equal(proportionDifferenceInterval({ successes: 0, trials: 0 }, { successes: 1, trials: 2 }), undefined);
  assert.equal(twoProportionTest({ successes: 0, trials: 9 }, { successes: 0, trials: 7 })?.pValue, 1);
});

test('the Mann-Whitney test agrees with SciPy 1.17.1', () => {
  const first = [1.1, 2.2, 2.2, 3.5, 4.0, 5.1, 7.7];
  const second = [2.2, 3.5, 3.6, 6.0, 8.8];
  assert.equal(mannWhitney(first, second)?.u, 12.5);
  near(mannWhitney(first, second)?.pValue, 0.46095741601320717);
  near(mannWhitney(first, second, 'less')?.pValue, 0.23047870800660358);
  near(mannWhitney(first, second, 'greater')?.pValue, 0.8162348950611118);
  assert.equal(mannWhitney([], second), undefined);
  assert.equal(mannWhitney([1, Number.NaN], second), undefined);
  assert.equal(mannWhitney([1, 1], [1])?.pValue, 1);
});
