import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { recentTraffic, trafficLines } from './traffic-series.ts';

const point = (time: number, requests: number, errors = 0) => ({ revision: 'r', time, requests, rows: requests, errors });

test('without traffic in between, requests fall to zero and errors have a gap', () => {
  const series = { pointMs: 10, points: [point(0, 5), point(10, 5), point(100, 10, 5)] };
  deepEqual(
    trafficLines(series, [], 'requests')[0]?.points.map(({ x, y }) => [x, y]),
    [
      [0, 500],
      [10, 500],
      [20, 0],
      [90, 0],
      [100, 1000],
    ],
  );
  deepEqual(
    trafficLines(series, [], 'errors')[0]?.points.map(({ y }) => y),
    [0, 0, null, null, 0.5],
  );
});

test('the last minute counts, and without a request there is no error rate', () => {
  const series = { pointMs: 10_000, points: [point(0, 600), point(100_000, 60, 6)] };
  deepEqual(recentTraffic(series, 110_000), { perSecond: 1, errorRate: 0.1 });
  equal(recentTraffic(series, 900_000).errorRate, undefined);
});
