import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numericHistogram } from '#kernel/statistics/index.ts';
import { latencyEdges } from './agent-wire.ts';
import { packHistogram, trafficSince, unpackHistogram } from './traffic-histograms.ts';

const values = fc.array(fc.oneof(fc.double({ noNaN: false }), fc.double({ min: 0, max: 100_000, noNaN: true })));
const counts = ({ below, counts: cells, above, missing }: ReturnType<typeof numericHistogram>) => ({ below, cells, above, missing });

test('a histogram packs and unpacks to the same counts', () => {
  fc.assert(
    fc.property(values, (list) => {
      const histogram = numericHistogram(list, latencyEdges);
      assert.deepEqual(counts(unpackHistogram(packHistogram(histogram), latencyEdges)), counts(histogram));
    }),
  );
});

test('what was answered since is the difference', () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const traffic = (list: readonly number[]) => {
        const histogram = numericHistogram(list, latencyEdges);
        return { requests: list.length, errors: 0, latency: histogram, scores: histogram };
      };
      const since = trafficSince(traffic([...before, ...after]), traffic(before));
      assert.deepEqual([since.requests, counts(since.latency)], [after.length, counts(numericHistogram(after, latencyEdges))]);
    }),
  );
});

test('a damaged histogram damages no more than itself', () => {
  for (const cells of [[], [-1_000_000_000], [1], Array.from({ length: 5000 }, () => 1)]) {
    assert.equal(unpackHistogram({ cells, missing: 0 }, latencyEdges).counts.length, latencyEdges.length - 1);
  }
});
