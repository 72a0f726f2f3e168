import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitTable } from './split-table.ts';

test('a table that MLflow logged is told from other JSON', () => {
  const table = {
    columns: ['a', 'b'],
    data: [
      [1, 'x'],
      [null, { c: 1 }],
    ],
  };
  assert.deepEqual(splitTable(table), { columns: ['a', 'b'], rows: table.data });
  for (const other of [
    undefined,
    3,
    [],
    { columns: [], data: [] },
    { columns: ['a'], data: [[1, 2]] },
    { columns: 'a', data: [] },
    { data: [] },
  ])
    assert.equal(splitTable(other), undefined);
});
