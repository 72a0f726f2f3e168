import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { groupMetrics, seriesOf } from './curve-series.ts';

test('a metric and its validation stand in one chart', () => {
  const groups = groupMetrics(['loss', 'validation_loss', 'auc', 'train/auc', 'latency']);
  deepEqual(Object.fromEntries(groups), { loss: ['loss', 'validation_loss'], auc: ['auc', 'train/auc'], latency: ['latency'] });
});

test('a bucket without a number is a gap, an infinite one stays infinite', () => {
  const curve = {
    run: 'a',
    metric: 'loss',
    points: 4,
    sampled: true,
    from: [0, 10, 20],
    to: [9, 19, 29],
    count: [2, 1, 1],
    missing: [0, 1, 0],
    min: [1, null, 'Infinity' as const],
    max: [3, null, 'Infinity' as const],
    mean: [2, null, 'Infinity' as const],
  };
  deepEqual(seriesOf(curve, 'run a').points, [
    { x: 0, y: 2 },
    { x: 10, y: null },
    { x: 20, y: Infinity },
  ]);
});
