import assert from 'node:assert/strict';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { createIdentity, identityMigrations, type ProjectWire } from './index.ts';

const sets = [eventMigrations, identityMigrations];
const person = { kind: 'person', id: 'ada', name: 'Ada' } as const;

function setUp(database: Database, auth: 'none' | 'tokens' = 'none') {
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const identity = createIdentity({ kernel: { clock, ids, events }, auth });
  return { clock, events, identity, api: testApi(identity.endpoints, person) };
}

testOnEachDatabase('a project is made once, and its maker is a member', sets, async (database) => {
  const { api, events } = setUp(database);
  const made = await api.call<ProjectWire>('POST', '/api/v1/projects', { name: 'bike-rides' });
  assert.equal(made.title, 'Bike Rides');
  await api.call('POST', '/api/v1/projects', { name: 'bike-rides' }, { status: 409 });
  await api.call('POST', '/api/v1/projects', { name: 'Bike Rides' }, { status: 400 });
  await api.call('GET', '/api/v1/projects/none', undefined, { status: 404 });
  const members = await api.call<{ items: { id: string }[] }>('GET', '/api/v1/projects/bike-rides/members');
  assert.deepEqual(
    members.items.map(({ id }) => id),
    ['ada'],
  );
  assert.deepEqual(
    (await events.find({})).map(({ type }) => type),
    ['project.created', 'member.added'],
  );
});

testOnEachDatabase('a token opens until it is revoked or over its time', sets, async (database) => {
  const { identity, clock } = setUp(database, 'tokens');
  const asked = { label: 'laptop', actor: person, scope: 'write' } as const;
  const { secret, token } = await identity.tokens.create({ actor: systemActor }, asked);
  const request = (bearer: string) => new Request('http://localhost/', { headers: { authorization: `Bearer ${bearer}` } });
  assert.deepEqual((await identity.authenticate(request(secret))).actor, person);
  await assert.rejects(identity.authenticate(new Request('http://localhost/')), { code: 'identity.not-signed-in' });
  await assert.rejects(identity.authenticate(request(`${secret}x`)), { code: 'identity.not-signed-in' });
  assert.ok(!JSON.stringify(await identity.tokens.list()).includes(secret));
  await identity.tokens.revoke({ actor: systemActor }, token.id);
  await assert.rejects(identity.authenticate(request(secret)), { code: 'identity.not-signed-in' });

  const short = await identity.tokens.create({ actor: systemActor }, { ...asked, expiresAt: clock.now() + 1000 });
  await identity.authenticate(request(short.secret));
  clock.advance(1000);
  await assert.rejects(identity.authenticate(request(short.secret)), { code: 'identity.not-signed-in' });
});

testOnEachDatabase('a token may stand for a colleague', sets, async (database) => {
  const { api, identity } = setUp(database, 'tokens');
  const made = await api.call<{ secret: string }>('POST', '/api/v1/tokens', {
    label: 'Grace',
    scope: 'write',
    person: { id: 'grace', name: 'Grace' },
  });
  const { actor } = await identity.authenticate(new Request('http://localhost/', { headers: { authorization: `Bearer ${made.secret}` } }));
  assert.deepEqual(actor, { kind: 'person', id: 'grace', name: 'Grace' });
});

testOnEachDatabase('on loopback without tokens the caller is the person at this machine', sets, async (database) => {
  const { identity } = setUp(database);
  const principal = await identity.authenticate(new Request('http://localhost/'));
  assert.deepEqual([principal.actor.kind, principal.scope], ['person', 'owner']);
});
