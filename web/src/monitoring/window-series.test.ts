import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { driftMethods, lastWindows, metricLine, referenceLine } from './window-series.ts';

const window = (start: number, metrics: Readonly<Record<string, number>>, reference: Readonly<Record<string, number>> = {}) => ({
  start,
  end: start + 10,
  state: 'complete' as const,
  changing: false,
  predictions: 1,
  labelled: 0,
  metrics,
  reference,
  drifted: [],
});

test('a window without the metric is a gap', () => {
  deepEqual(metricLine([window(0, { auc: 0.7 }), window(10, {})], 'auc').points, [
    { x: 0, y: 0.7 },
    { x: 10, y: null },
  ]);
  deepEqual(referenceLine([window(0, {})], 'auc'), []);
  equal(referenceLine([window(0, {}, { auc: 0.69 })], 'auc')[0]?.role, 'reference');
});

test('features of a drift method may hold dots; the method with most features stands first', () => {
  deepEqual(driftMethods([window(0, { 'drift.js.hour': 0.1, 'drift.psi.hour': 0.1, 'drift.psi.a.b': 0.2, 'score_drift.psi': 1 })]), [
    { method: 'psi', features: ['a.b', 'hour'] },
    { method: 'js', features: ['hour'] },
  ]);
});

test('a range counts back from the newest window, not from now', () => {
  const all = [window(0, {}), window(10, {}), window(20, {})];
  deepEqual(
    lastWindows(all, 20).map(({ start }) => start),
    [10, 20],
  );
  equal(lastWindows(all, Infinity).length, 3);
});
