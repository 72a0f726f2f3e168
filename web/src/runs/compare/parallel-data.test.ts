import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { parallelAxes } from './parallel-data.ts';

test('numbers stand by size, words by alphabet, equal ones not at all', () => {
  const axes = parallelAxes({
    parameters: [
      { name: 'rate', values: ['0.001', '0.01', null], differs: true },
      { name: 'optimiser', values: ['sgd', 'adam', 'rmsprop'], differs: true },
      { name: 'seed', values: ['1', '1', '1'], differs: false },
    ],
    metrics: [{ name: 'auc', values: [0.6, 'NaN', 0.8], differs: true }],
  });
  deepEqual(
    axes.map(({ name, low, high, places }) => ({ name, low, high, places })),
    [
      { name: 'rate', low: '0.001', high: '0.01', places: [0, 1, undefined] },
      { name: 'optimiser', low: 'adam', high: 'sgd', places: [1, 0, 0.5] },
      { name: 'auc', low: '0.6', high: '0.8', places: [0, undefined, 1] },
    ],
  );
});
