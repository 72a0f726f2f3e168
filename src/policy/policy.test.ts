import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '#identity/index.ts';
import { createPolicy } from './index.ts';

const policy = createPolicy();
const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const;
const owner: Principal = { actor: ada, scope: 'owner', project: undefined, account: undefined };
const reader: Principal = { actor: ada, scope: 'read', project: 'flights', account: undefined };
const writer: Principal = { actor: ada, scope: 'write', project: undefined, account: undefined };
const agent: Principal = {
  actor: { kind: 'service', id: 'agent-staging', name: 'Agent' },
  scope: 'agent',
  project: undefined,
  account: 'staging',
};

const may = (principal: Principal, action: string, project?: string): boolean => {
  try {
    policy.authorize(principal, action, { project });
    return true;
  } catch {
    return false;
  }
};

test('scopes open what they say and no more', () => {
  assert.ok(may(owner, 'runs:write', 'flights') && may(owner, 'tokens:write'));
  assert.ok(may(writer, 'runs:write', 'flights') && !may(writer, 'tokens:write'));
  assert.ok(may(reader, 'runs:read', 'flights') && !may(reader, 'runs:write', 'flights'));
  assert.ok(may(agent, 'deployments:agent') && !may(agent, 'runs:read', 'flights'));
  assert.ok(!may(owner, 'deployments:agent'));
});

test('a token of one project opens neither another project nor the server', () => {
  assert.ok(!may(reader, 'runs:read', 'bikes') && !may(reader, 'tokens:read'));
  const ofProject: Principal = { ...writer, project: 'flights' };
  assert.ok(may(writer, 'signing-keys:write') && may(ofProject, 'webhooks:write', 'flights'));
  assert.ok(!may(ofProject, 'signing-keys:write') && !may(ofProject, 'webhooks:read', 'bikes'));
});

test('an action without a known verb is refused', () => {
  assert.ok(!may(owner, 'runs') && !may(owner, 'runs:destroy', 'flights'));
});

test('a gate needs every check passed, none missing and the approvals', () => {
  const facts = { environment: 'production', passed: 5, refused: 0, missing: 0, approvals: 0, approvalsNeeded: 0 } as const;
  const decide = (change: object) => policy.decideGate(owner, 'flights', { ...facts, ...change });
  assert.deepEqual(decide({}), { allowed: true, reasons: ['gate.production'], errors: [] });
  for (const change of [{ refused: 1 }, { missing: 1 }, { passed: 0 }, { approvalsNeeded: 1 }]) assert.equal(decide(change).allowed, false);
  assert.equal(decide({ missing: Number.NaN }).allowed, false);
});
