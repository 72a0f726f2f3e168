import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { bestOf } from './metric-direction.ts';

test('losses and errors are best when small, scores when large', () => {
  equal(bestOf('validation_loss', [0.5, 0.4, undefined]), 1);
  equal(bestOf('calibration_error', [0.01, 0.02]), 0);
  equal(bestOf('auc', [0.6, Number.NaN, 0.7]), 2);
});

test('nothing is best when the name says nothing or all are equal', () => {
  equal(bestOf('observed_rate', [0.1, 0.2]), undefined);
  equal(bestOf('auc', [0.7, 0.7]), undefined);
  equal(bestOf('auc', [0.7]), undefined);
});
