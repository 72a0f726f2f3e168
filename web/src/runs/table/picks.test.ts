import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowModel, type RowPlace } from './row-model.ts';
import { runInRow, runsBetween } from './picks.ts';

const model = rowModel([
  { kind: 'runs', key: 'a', filter: 'x = 1', count: 5, depth: 0 },
  { kind: 'group', key: 'g', open: true, group: { runs: 3, firstStartedAt: 0, lastStartedAt: 0, states: {}, metrics: {} } },
  { kind: 'runs', key: 'b', filter: undefined, count: 300, depth: 0 },
]);
const readUntil = (rows: number) => (place: RowPlace) => (place.offset < rows ? { id: `${place.segment.key}${place.offset}` } : undefined);

test('a stretch of rows is picked in either direction, and what was not read is asked for', () => {
  const read = readUntil(4);
  assert.deepEqual(runsBetween(model, read, { from: 3, to: 1 }), { ids: ['a1', 'a2', 'a3'], unread: [] });
  assert.deepEqual(runsBetween(model, read, { from: 3, to: 7 }), {
    ids: ['b0', 'b1'],
    unread: [{ filter: 'x = 1', skip: 3, count: 2 }],
  });
  assert.deepEqual(runsBetween(model, read, { from: 5, to: 5 }), { ids: [], unread: [] });
});

test('a row of a group is no run', () => {
  assert.deepEqual(runInRow(model, readUntil(9), 6), { id: 'b0' });
  assert.equal(runInRow(model, readUntil(9), 5), undefined);
  assert.equal(runInRow(model, readUntil(9), 999), undefined);
});
