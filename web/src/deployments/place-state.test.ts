import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { placeState } from './place-state.ts';

const signature = { inputs: [], outputs: [] };
const traffic = { requests: 0, rows: 0, errors: 0 };
const revision = {
  id: 'r1',
  number: 1,
  model: 'm',
  modelVersion: '1',
  digest: 'd',
  state: 'serving' as const,
  weight: 100,
  cause: 'release',
  createdAt: 0,
  stateAt: 0,
  signature,
  replicas: [{ replica: 0, state: 'ready' as const, restarts: 0 }],
  traffic,
};
const place = {
  environment: 'production' as const,
  model: 'm',
  spec: {},
  specComplete: true,
  createdAt: 0,
  serving: 'r1',
  agentReportedAt: 1_000,
  problems: [],
  revisions: [revision],
};

test('all replicas ready: serving; a silent agent: nobody knows', () => {
  deepEqual(placeState(place, 2_000), { state: 'ok', word: 'serving' });
  equal(placeState(place, 120_000).word, 'silent');
});

test('one of two replicas failing is degraded, all is down, and the reason is told', () => {
  const failing = { replica: 1, state: 'failing' as const, restarts: 9, reason: 'out of memory' };
  deepEqual(placeState({ ...place, revisions: [{ ...revision, replicas: [...revision.replicas, failing] }] }, 0), {
    state: 'warning',
    word: 'degraded',
    reason: 'out of memory',
  });
  equal(placeState({ ...place, revisions: [{ ...revision, replicas: [failing] }] }, 0).word, 'down');
});

test('what the agent cannot do is told before all else', () => {
  deepEqual(placeState({ ...place, problems: ['port 8080 is taken'] }, 0), { state: 'failed', word: 'down', reason: 'port 8080 is taken' });
});

test('without a serving revision nothing serves', () => {
  equal(placeState({ ...place, revisions: [] }, 0).word, 'not serving');
});
