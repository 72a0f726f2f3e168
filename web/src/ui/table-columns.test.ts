import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareValues, rowAfterKey, sortable } from './table-columns.ts';

test('values are ordered as people read them', () => {
  assert.deepEqual(['run-10', 'Run-2', 'run-1'].toSorted(compareValues), ['run-1', 'Run-2', 'run-10']);
  assert.deepEqual([10, 9, -1].toSorted(compareValues), [-1, 9, 10]);
  assert.equal(sortable(Number.NaN), undefined);
});

test('keys move between rows and stop at the ends', () => {
  assert.equal(rowAfterKey('ArrowDown', 4, 5), 4);
  assert.equal(rowAfterKey('k', 2, 5), 1);
  assert.equal(rowAfterKey('End', 0, 5), 4);
  assert.equal(rowAfterKey('PageUp', 3, 5), 0);
  assert.equal(rowAfterKey('x', 3, 5), undefined);
  assert.equal(rowAfterKey('ArrowDown', 0, 0), undefined);
});
