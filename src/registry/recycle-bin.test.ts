import assert from 'node:assert/strict';
import { context, testRegistry } from './testing.ts';
import type { DeletedWire, ModelVersionWire, ModelWire } from './wire.ts';

const models = '/api/v1/projects/flights/models';
const day = 86_400_000;

testRegistry(
  'a deleted version leaves lists, loses its aliases and its number is not used again',
  async ({ register, registry, api, events }) => {
    await register(1);
    await register(2);
    await api.call('PUT', `${models}/delay/aliases/champion`, { version: 2 });
    await api.call('DELETE', `${models}/delay/versions/2`);
    const { items } = await api.call<{ items: ModelVersionWire[] }>('GET', `${models}/delay/versions`);
    assert.deepEqual(
      items.map(({ version }) => version),
      [1],
    );
    const model = await api.call<ModelWire>('GET', `${models}/delay`);
    assert.deepEqual([model.latestVersion, model.aliases], [1, {}]);
    assert.equal((await registry.version('flights', 'delay', 'latest')).version, 1);
    const gone = await api.call<{ code: string }>('GET', `${models}/delay/versions/2`, undefined, { status: 404 });
    assert.equal(gone.code, 'registry.version-deleted');
    await assert.rejects(registry.version('flights', 'delay', '@champion'), { code: 'registry.alias-not-found' });
    assert.equal((await register(3)).version, 3);
    const said = await events.find({ types: ['model.version.deleted', 'model.version.alias-removed'] });
    assert.deepEqual(
      said.map(({ data }) => data['version']),
      [2, 2],
    );
    const restored = await api.call<ModelVersionWire>('POST', `${models}/delay/versions/2/restore`, {});
    assert.deepEqual([restored.version, restored.aliases], [2, []]);
    assert.equal((await registry.version('flights', 'delay', 2)).version, 2);
  },
);

testRegistry('a version is registered as long as it is there with the same files', async ({ register, registry }) => {
  const { files } = await register(1);
  const digests = Object.fromEntries(files.map(({ name, digest }) => [name, digest]));
  const is = (more: object = {}) => registry.isRegistered('flights', { model: 'delay', version: 1, files: { ...digests, ...more } });
  assert.equal(await is(), true);
  assert.equal(await is({ 'card.md': 'sha256:1' }), false);
  assert.equal(await registry.isRegistered('other', { model: 'delay', version: 1, files: digests }), false);
  await registry.deleteVersion(context, { project: 'flights', model: 'delay', version: 1 });
  assert.equal(await is(), false);
  await registry.restoreVersion(context, { project: 'flights', model: 'delay', version: 1 });
  await registry.renameModel(context, { project: 'flights', name: 'delay', newName: 'late' });
  assert.equal(await is(), false);
});

testRegistry('the name of a deleted model is free; restoring it then needs another name', async ({ register, registry, api }) => {
  await register(1);
  await api.call('DELETE', `${models}/delay`);
  await api.call('GET', `${models}/delay`, undefined, { status: 404 });
  await api.call('DELETE', `${models}/delay`, undefined, { status: 404 });
  assert.deepEqual((await api.call<{ items: ModelWire[] }>('GET', models)).items, []);
  const second = await register(2);
  assert.equal(second.version, 1);
  assert.equal((await api.call<{ code: string }>('POST', `${models}/delay/restore`, {}, { status: 409 })).code, 'registry.model-exists');
  const back = await api.call<ModelWire>('POST', `${models}/delay/restore`, { as: 'delay-old' });
  assert.deepEqual([back.name, back.latestVersion], ['delay-old', 1]);
  assert.notEqual((await registry.version('flights', 'delay-old', 1)).digest, second.digest);
  assert.equal((await api.call<{ code: string }>('POST', `${models}/delay/restore`, {}, { status: 404 })).code, 'registry.not-deleted');
});

testRegistry(
  'the recycle bin is emptied when the retention is over, and not before',
  async ({ register, registry, api, clock, events }) => {
    await register(1);
    await register(2);
    await registry.createModel(context, { project: 'flights', name: 'other' });
    await registry.deleteVersion(context, { project: 'flights', model: 'delay', version: 1 });
    clock.advance(day);
    await registry.deleteModel(context, { project: 'flights', name: 'other' });
    const bin = () => api.call<{ items: DeletedWire[] }>('GET', '/api/v1/projects/flights/deleted-models');
    const { items } = await bin();
    assert.deepEqual(
      items.map(({ model, version }) => [model, version]),
      [
        ['other', undefined],
        ['delay', 1],
      ],
    );
    assert.equal(items[1]?.purgedAt, (items[1]?.deletedAt ?? 0) + 30 * day);
    assert.deepEqual(await registry.purge(), { models: 0, versions: 0 });
    clock.advance(29 * day + 1);
    assert.deepEqual(await registry.purge(), { models: 0, versions: 1 });
    clock.advance(day);
    assert.deepEqual(await registry.purge(), { models: 1, versions: 0 });
    assert.deepEqual((await bin()).items, []);
    await api.call('POST', `${models}/delay/versions/1/restore`, {}, { status: 404 });
    const said = await events.find({ types: ['model.purged', 'model.version.purged'] });
    assert.deepEqual(
      said.map(({ type, data }) => [type, data['model']]),
      [
        ['model.version.purged', 'delay'],
        ['model.purged', 'other'],
      ],
    );
    assert.equal((await register(3)).version, 3);
  },
);

testRegistry('what a deployment or release uses is neither renamed nor deleted', async ({ register, registry, api, events }) => {
  await register(1);
  await register(2);
  const place = { deployment: 'delay', environment: 'production' };
  const emit = (type: string, data: Record<string, string | number>) =>
    events.change(context, async (change) => change.emit({ type, source: 'test', subject: 'x', data }));
  await emit('deployment.created', { ...place, model: 'delay' });
  await emit('rollout.started', { ...place, rollout: 'r', model: 'delay', version: '1' });
  await emit('rollout.finished', { ...place, rollout: 'r' });
  await emit('service.deployed', { ...place, model: 'delay', version: '1' });
  const refused = await api.call<{ code: string; detail: string }>('POST', `${models}/delay/rename`, { name: 'late' }, { status: 409 });
  assert.equal(refused.code, 'registry.model-in-use');
  assert.match(JSON.stringify(refused), /deployment delay in production/);
  await api.call('DELETE', `${models}/delay`, undefined, { status: 409 });
  await api.call('DELETE', `${models}/delay/versions/1`, undefined, { status: 409 });
  await emit('service.deployed', { ...place, model: 'delay', version: '2' });
  const kept = await api.call<{ code: string }>('DELETE', `${models}/delay/versions/1`, undefined, { status: 409 });
  assert.equal(kept.code, 'registry.model-in-use', 'a rollback would bring it back');
  await emit('service.rolled-back', { ...place, fromVersion: '2', toVersion: '1' });
  await api.call('DELETE', `${models}/delay/versions/2`);
  await emit('deployment.retired', place);
  await emit('release.created', { release: 'a', model: 'delay', version: 1 });
  await assert.rejects(registry.renameModel(context, { project: 'flights', name: 'delay', newName: 'late' }), /the release a/);
  await emit('release.finished', { release: 'a', model: 'delay', version: 1, outcome: 'released' });
  const renamed = await api.call<ModelWire>('POST', `${models}/delay/rename`, { name: 'late' });
  assert.deepEqual([renamed.name, renamed.latestVersion], ['late', 1]);
  await api.call('GET', `${models}/delay`, undefined, { status: 404 });
});

testRegistry('a renamed model keeps versions, aliases, tags and its past', async ({ register, registry, api, events }) => {
  await register(1);
  await api.call('PUT', `${models}/delay/aliases/champion`, { version: 1 });
  await api.call('PATCH', `${models}/delay`, { tags: { team: 'ops' } });
  await events.change(context, async (change) =>
    change.emit({ type: 'release.created', source: 'test', subject: 'x', data: { release: 'a', model: 'delay', version: 1 } }),
  );
  await events.change(context, async (change) =>
    change.emit({
      type: 'release.finished',
      source: 'test',
      subject: 'x',
      data: { release: 'a', model: 'delay', version: 1, outcome: 'refused' },
    }),
  );
  await registry.createModel(context, { project: 'flights', name: 'taken' });
  await api.call('POST', `${models}/delay/rename`, { name: 'taken' }, { status: 409 });
  await api.call('POST', `${models}/delay/rename`, { name: 'a/b' }, { status: 400 });
  const renamed = await api.call<ModelWire>('POST', `${models}/delay/rename`, { name: 'late' });
  assert.deepEqual([renamed.aliases, renamed.tags], [{ champion: 1 }, { team: 'ops' }]);
  assert.deepEqual(
    (await registry.lineage({ project: 'flights', model: 'late', version: 1 })).releases.map(({ release, outcome }) => [release, outcome]),
    [['a', 'refused']],
  );
  // Somebody else's model of the old name has no part in that past.
  await register(2);
  assert.deepEqual((await registry.lineage({ project: 'flights', model: 'delay', version: 1 })).releases, []);
});

testRegistry('stages of old clients move versions and archive the others', async ({ register, registry, api, events }) => {
  await register(1);
  await register(2);
  const stage = (version: number, body: object, status = 200) =>
    api.call<ModelVersionWire & { code: string }>('PUT', `${models}/delay/versions/${version}/stage`, body, { status });
  assert.equal((await stage(1, { stage: 'production' })).stage, 'Production');
  assert.equal((await stage(2, { stage: 'Production', archiveOthers: true })).stage, 'Production');
  assert.equal((await registry.version('flights', 'delay', 1)).stage, 'Archived');
  assert.equal((await registry.version('flights', 'delay', 1)).state, 'registered');
  assert.equal((await stage(1, { stage: 'bogus' }, 400)).code, 'registry.stage-invalid');
  assert.equal((await stage(1, { stage: 'None', archiveOthers: true }, 400)).code, 'registry.stage-not-active');
  const said = await events.find({ types: ['model.version.stage-changed'] });
  assert.deepEqual(
    said.map(({ data }) => [data['version'], data['from'], data['to']]),
    [
      [1, 'None', 'Production'],
      [1, 'Production', 'Archived'],
      [2, 'None', 'Production'],
    ],
  );
});
