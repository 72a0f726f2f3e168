import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { mergeBins } from './distribution.ts';

test('few bins stay as they are, however wide', () => {
  deepEqual(mergeBins([0, 1, 10], [3, 4]), [
    { lower: 0, upper: 1, count: 3 },
    { lower: 1, upper: 10, count: 4 },
  ]);
});

test('narrow bins are joined, no row is lost, and the ends stay', () => {
  const edges = [...Array.from({ length: 100 }, (_, index) => index / 10), 320];
  const bins = mergeBins(
    edges,
    edges.slice(1).map(() => 2),
  );
  equal(
    bins.reduce((sum, bin) => sum + bin.count, 0),
    200,
  );
  deepEqual([bins[0]?.lower, bins.at(-1)?.upper], [0, 320]);
  equal(
    bins.slice(0, -1).every((bin) => bin.upper - bin.lower >= 9.9),
    true,
  );
});
