import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectAddress } from './object-address.ts';

test('a subject leads to the page of its object', () => {
  assert.deepEqual(objectAddress('projects/flights/datasets/airports/snapshots/3'), {
    label: 'Snapshot 3 of airports',
    to: '/flights/data/airports?snapshot=3',
  });
  assert.equal(objectAddress('projects/flights/models/a b/versions/2')?.to, '/flights/models/a%20b/2');
  assert.equal(objectAddress('projects/flights/pipeline-runs/r1/steps/train')?.to, '/flights/pipelines/r1');
  assert.equal(objectAddress('projects/flights')?.to, '/flights/ladder');
});

test('what has no page has no address', () => {
  assert.equal(objectAddress('events'), undefined);
  assert.equal(objectAddress('projects/flights/somethings/1'), undefined);
  assert.equal(objectAddress(''), undefined);
});
