import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RipenError } from '#kernel/errors.ts';
import { isSpecComplete, parseDeploymentSpec } from './deployment-spec.ts';
import { defaultRolloutRules } from './rollout-statistics.ts';

function problems(entry: unknown): readonly { path: string; problem: string }[] {
  try {
    parseDeploymentSpec('delay', entry);
  } catch (error) {
    assert.ok(error instanceof RipenError && error.code === 'serving.spec-invalid', String(error));
    return error.details?.['problems'] as readonly { path: string; problem: string }[];
  }
  return [];
}

test('a name of a model is enough; every default is filled in', () => {
  const spec = parseDeploymentSpec('delay', { model: 'delay' });
  assert.deepEqual(
    [spec.canary, spec.replicas, spec.sticky, spec.stepTimeoutMs],
    [[5, 25, 100], { staging: 1, production: 1 }, 'key', 60_000],
  );
  assert.deepEqual(spec.rules, defaultRolloutRules);
  assert.equal(isSpecComplete(spec), false);
});

test('everything said is taken over, and the keys of other modules are left to them', () => {
  const spec = parseDeploymentSpec('delay', {
    model: 'delay',
    owner: 'ada',
    runbook: 'docs/runbook.md',
    objectives: { latency_p99_ms: 50, availability: 0.99 },
    limits: { memory_mb: 512, request_timeout: '2s', body_mb: 1 },
    rollback: { to: 'previous' },
    replicas: { production: 3 },
    canary: [12.5, 100],
    rollout: { minimum_requests: 10, step_timeout: '5m' },
    score: { output: 'probability', range: [-1, 1] },
    gates: { anything: true },
    monitoring: {},
    alerts: [],
    approvals: 1,
    release: 'automatic',
  });
  assert.ok(isSpecComplete(spec));
  assert.deepEqual([spec.limits.memoryMb, spec.limits.requestTimeoutMs, spec.limits.bodyBytes], [512, 2000, 1024 * 1024]);
  assert.deepEqual([spec.replicas, spec.stepTimeoutMs, spec.rules.minimumRequests], [{ staging: 1, production: 3 }, 300_000, 10]);
});

test('what is wrong is named by its path, with the nearest right key', () => {
  assert.deepEqual(problems({ model: 'delay', cannary: [100] }), [
    { path: 'cannary', problem: 'there is no such key; did you mean "canary"?' },
  ]);
  assert.deepEqual(problems({ model: 'delay', rollout: { minimum_request: 1 } }), [
    { path: 'rollout.minimum_request', problem: 'there is no such key; did you mean "minimum_requests"?' },
  ]);
  const paths = (entry: object) => problems({ model: 'delay', ...entry }).map(({ path }) => path);
  assert.deepEqual(paths({ canary: [50, 25, 100] }), ['canary']);
  assert.deepEqual(paths({ canary: [5, 25] }), ['canary']);
  assert.deepEqual(paths({ canary: [33.333, 100] }), ['canary']);
  assert.deepEqual(paths({ rollout: { step_timeout: 'soon' }, limits: { memory_mb: 1 } }), ['limits.memory_mb', 'rollout.step_timeout']);
  assert.deepEqual(paths({ score: { range: [1, 0] } }), ['score']);
  for (const entry of [undefined, null, 7, [], 'x', {}]) assert.ok(problems(entry).length > 0, JSON.stringify(entry));
});
