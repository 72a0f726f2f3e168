import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDeploymentSpec } from './deployment-spec.ts';
import { type Replica, type Rollout, type RolloutState, rolloutTransitions } from './model.ts';
import { nextMove, type RolloutMove, type RolloutView } from './rollout-moves.ts';
import { emptyRevisionTraffic } from './traffic-histograms.ts';

const ready: Replica = { revision: 'c', replica: 0, state: 'ready', pid: 1, startedAt: 0, restarts: 0, reason: undefined };
const nothing = { stable: emptyRevisionTraffic([0, 1]), candidate: emptyRevisionTraffic([0, 1]) };

function view(state: RolloutState, more: Partial<RolloutView> = {}, rollout: Partial<Rollout> = {}): RolloutView {
  return {
    // Only what a move depends on.
    rollout: { state, steps: [5, 100], step: 0, startedAt: 0, stateAt: 0, extensions: 0, ...rollout } as Rollout,
    spec: parseDeploymentSpec('d', { model: 'm' }),
    now: 1000,
    replicas: [ready],
    wantedReplicas: 1,
    closed: undefined,
    applied: true,
    traffic: nothing,
    ...more,
  };
}

const kind = (...of: Parameters<typeof view>): RolloutMove['kind'] => nextMove(view(...of)).kind;

test('a candidate gets traffic when all its replicas are ready, and is given up after its time', () => {
  assert.equal(kind('pending'), 'set-weight');
  assert.equal(kind('pending', { wantedReplicas: 2 }), 'wait');
  assert.equal(kind('pending', { wantedReplicas: 2, now: 60_001 }), 'fail');
  const closed = 'the port 7474 is taken';
  assert.equal(kind('pending', { closed }), 'wait');
  assert.match((nextMove(view('pending', { closed, now: 60_001 })) as { reason?: string }).reason ?? '', /the port 7474 is taken/);
  assert.equal(kind('pending', { replicas: [{ ...ready, state: 'failing' }] }), 'fail');
});

test('a step is judged from the moment that the agent routes by it', () => {
  assert.equal(kind('progressing', { applied: false }), 'wait');
  assert.equal(kind('progressing'), 'begin-judging');
  assert.equal(kind('progressing', {}, { step: 1 }), 'promote');
});

test('an undecided step waits, then gets more time, then pauses', () => {
  assert.equal(kind('judging', { now: 60_000 }), 'wait');
  assert.equal(kind('judging', { now: 60_001 }), 'extend');
  assert.equal(kind('judging', { now: 60_001 }, { extensions: 1 }), 'wait');
  assert.equal(kind('judging', { now: 120_001 }, { extensions: 1 }), 'pause');
  assert.equal(kind('paused', { now: 1e12 }), 'wait');
});

test('nothing but enough good traffic moves a step forward', () => {
  fc.assert(
    fc.property(fc.nat(200_000), fc.nat(3), (now, extensions) => {
      const move = nextMove(view('judging', { now }, { extensions }));
      assert.ok(move.kind !== 'set-weight' && move.kind !== 'promote');
    }),
  );
});

test('whatever has ended stays so', () => {
  for (const state of ['promoted', 'rolled-back', 'cancelled'] as const) assert.deepEqual(rolloutTransitions[state], {});
});
