import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMlflowAddress } from './mlflow-address.ts';

test('the addresses that MLflow’s clients print are known, with and without a project', () => {
  assert.deepEqual(readMlflowAddress('/', '#/experiments/1/runs/01a2'), { project: undefined, experiment: '1', run: '01a2' });
  assert.deepEqual(readMlflowAddress('/projects/fl%C3%BCge/', '#/experiments/0'), { project: 'flüge', experiment: '0', run: undefined });
  assert.deepEqual(readMlflowAddress('/projects/flights', '#/experiments/3/runs/x?tab=1')?.run, 'x');
  for (const [path, hash] of [
    ['/', ''],
    ['/', '#/models/x'],
    ['/flights/runs', '#/experiments/1'],
    ['/', '#main'],
  ] as const)
    assert.equal(readMlflowAddress(path, hash), undefined, `${path}${hash}`);
});
