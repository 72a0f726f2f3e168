import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from './engine.ts';
import { rememberDecisions } from './remember-decisions.ts';

const question = (scope: string, project = 'shop', action: Question['action'] = 'read'): Question => ({
  principal: { type: 'Person', id: 'ada', attributes: { scope } },
  action,
  resource: { type: 'Project', id: project },
  context: { noun: 'runs', elsewhere: false },
});

test('a question is decided once, and one that differs in anything is decided for itself', () => {
  const asked: string[] = [];
  const decide = rememberDecisions((each) => {
    asked.push(JSON.stringify(each));
    return { allowed: each.principal.attributes['scope'] === 'write', reasons: [], errors: [] };
  });
  assert.deepEqual([decide(question('write')).allowed, decide(question('read')).allowed], [true, false]);
  assert.deepEqual([decide(question('write')).allowed, decide(question('read')).allowed], [true, false]);
  assert.equal(asked.length, 2);
  decide(question('write', 'other'));
  decide(question('write', 'shop', 'write'));
  assert.equal(asked.length, 4);
});

test('however many projects are asked about, memory stays bounded and answers right', () => {
  const decide = rememberDecisions(({ resource }) => ({ allowed: resource.id.endsWith('7'), reasons: [], errors: [] }));
  for (let index = 0; index < 5000; index++) decide(question('read', `p${index}`));
  assert.deepEqual([decide(question('read', 'p7')).allowed, decide(question('read', 'p8')).allowed], [true, false]);
});
