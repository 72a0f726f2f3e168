import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutcome, releaseStates, transition, unfinishedStates } from './states.ts';

test('every release can still be cancelled and can fail until it is over, and then goes nowhere', () => {
  for (const state of unfinishedStates) {
    assert.equal(transition(state, 'cancelled'), 'cancelled');
    assert.equal(transition(state, 'failed'), 'failed');
  }
  for (const state of releaseStates.filter(isOutcome)) {
    for (const to of releaseStates) assert.throws(() => transition(state, to), { code: 'delivery.wrong-state' });
  }
});

test('there is one way to production: past the gate, staging and the smoke test', () => {
  const before = (to: (typeof releaseStates)[number]) =>
    releaseStates.filter((from) => {
      try {
        return transition(from, to) === to;
      } catch {
        // No such step.
        return false;
      }
    });
  assert.deepEqual(before('released'), ['production']);
  assert.deepEqual(before('production'), ['awaiting-approval']);
  assert.deepEqual(before('awaiting-approval'), ['smoke-testing']);
  assert.deepEqual(before('smoke-testing'), ['staging']);
  assert.deepEqual(before('staging'), ['checking']);
});
