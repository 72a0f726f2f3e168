import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution } from '../charts/histogram-data.ts';
import { distributionOf, onCommonBins, tailsOf } from './distribution.ts';

const numeric = (...bins: readonly (readonly [number, number, number])[]): Distribution => ({
  kind: 'numeric',
  bins: bins.map(([lower, upper, count]) => ({ lower, upper, count })),
});

test('values outside the edges of a profile are told, not drawn', () => {
  const histogram = {
    kind: 'numeric' as const,
    edges: [0, 10, 20],
    counts: [3, 4],
    below: 2,
    above: 1,
    missing: 5,
    minimum: -8,
    maximum: 90,
  };
  assert.deepEqual(distributionOf(histogram), { ...numeric([0, 10, 3], [10, 20, 4]), missing: 5 });
  assert.equal(tailsOf(histogram), 'Not drawn: 2 below 0, 1 above 20');
  assert.equal(tailsOf({ ...histogram, below: 0, above: 0 }), undefined);
});

test('values that are not named in a profile stand together', () => {
  const words = { kind: 'categorical' as const, values: ['ATL'], counts: [9], other: 1, missing: 0 };
  const categories = [
    { category: 'ATL', count: 9 },
    { category: 'all others', count: 1 },
  ];
  assert.deepEqual(distributionOf(words), { kind: 'categorical', categories, missing: 0 });
  const many = { ...words, other: 6 };
  assert.deepEqual(distributionOf(many), { kind: 'categorical', categories: categories.slice(0, 1), missing: 0 });
  assert.equal(tailsOf(many), 'Shares of the 1 commonest values; 40 % of the rows have others');
});

test('a reference with other edges is counted over the current ranges and keeps its total', () => {
  const [now, before] = onCommonBins(numeric([0, 10, 5], [10, 20, 5]), numeric([-10, 0, 4], [0, 20, 8], [20, 40, 2]));
  assert.deepEqual(now, numeric([-10, 0, 0], [0, 10, 5], [10, 20, 5], [20, 40, 0]));
  assert.deepEqual(before, numeric([-10, 0, 4], [0, 10, 4], [10, 20, 4], [20, 40, 2]));
});

test('a single value is counted once', () => {
  const [, before] = onCommonBins(numeric([0, 10, 5], [10, 20, 5]), numeric([10, 10, 7]));
  assert.deepEqual(before, numeric([0, 10, 0], [10, 20, 7]));
  const [, atEnd] = onCommonBins(numeric([0, 10, 5], [10, 20, 5]), numeric([20, 20, 7]));
  assert.deepEqual(atEnd, numeric([0, 10, 0], [10, 20, 7]));
});
