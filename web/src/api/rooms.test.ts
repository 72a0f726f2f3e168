import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, pathOf } from './client.ts';
import { roomsOf } from './rooms.ts';

test('an event makes its own room and the event stream stale', () => {
  assert.deepEqual(roomsOf('dataset.snapshot.published'), ['data', 'events']);
  assert.deepEqual(roomsOf('step.run.finished'), ['pipelines', 'events']);
  assert.deepEqual(roomsOf('gate.evaluated'), ['deployments', 'models', 'events']);
  assert.deepEqual(roomsOf('assessment.computed'), ['ladder', 'events']);
  assert.deepEqual(roomsOf('something.new'), ['events']);
});

test('an address leaves out undefined values, repeats lists and encodes parts of a path', () => {
  assert.equal(address('/runs', { limit: 5, order: undefined, id: ['a', 'b&c'] }), '/api/v1/runs?limit=5&id=a&id=b%26c');
  assert.equal(address('/runs'), '/api/v1/runs');
  assert.equal(pathOf`/projects/${'a/b'}/runs/${3}`, '/projects/a%2Fb/runs/3');
});
