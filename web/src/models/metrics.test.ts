import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againstBaseline, mainMetric, metricWords, otherMetrics } from './metrics.ts';

const metrics = { log_loss: 0.4, auc: 0.7, baseline_auc: 0.65, baseline_log_loss: 0.39, latency_p99_ms: 1.2, baseline_gone: 1, odd: null };

test('a model is spoken of by its best-known metric', () => {
  assert.deepEqual(mainMetric(metrics), { name: 'auc', value: 0.7 });
  assert.deepEqual(mainMetric({ baseline_x: 1, own_score: null }), { name: 'own_score', value: null });
  assert.equal(mainMetric({}), undefined);
});

test('metrics stand beside their baseline, and it is said which is better', () => {
  assert.deepEqual(againstBaseline(metrics), [
    { name: 'auc', model: 0.7, baseline: 0.65, better: true },
    { name: 'log_loss', model: 0.4, baseline: 0.39, better: false },
  ]);
  assert.deepEqual(otherMetrics(metrics), [
    ['latency_p99_ms', 1.2],
    ['odd', null],
  ]);
});

test('names of metrics read as words', () => {
  assert.equal(metricWords('auc_over_baseline'), 'AUC over baseline');
  assert.equal(metricWords('latency_p99_ms'), 'Latency p99 (ms)');
});
