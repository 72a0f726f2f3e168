import assert from 'node:assert/strict';
import { context, type TrackingSetting, testTracking } from '../testing.ts';

const create = ({ tracking }: TrackingSetting, name?: string) =>
  tracking.createLoggedModel(context, { project: 'flights', experiment: { name: 'baseline' }, ...(name === undefined ? {} : { name }) });

async function eventsOf({ events }: TrackingSetting): Promise<string[]> {
  return (await events.find({})).map(({ type }) => type).filter((type) => type.startsWith('logged-model.'));
}

testTracking('the life of a logged model stands in the event log, each step once', async (setting) => {
  const { tracking } = setting;
  const { id, state } = await create(setting, 'forest');
  assert.equal(state, 'pending');
  await tracking.editLoggedModel(context, { project: 'flights', model: id, state: 'upload-failed' });
  await tracking.editLoggedModel(context, { project: 'flights', model: id, state: 'ready' });
  await tracking.editLoggedModel(context, { project: 'flights', model: id, state: 'ready' });
  await tracking.tagLoggedModel(context, { project: 'flights', model: id, tags: { a: '1' } });
  await tracking.removeLoggedModelTag(context, { project: 'flights', model: id }, 'a');
  await tracking.putFile({ holder: { kind: 'logged-model', project: 'flights', model: id }, name: 'data/x' }, { content: 'x' });
  assert.equal(await tracking.deleteFiles(context, { holder: { kind: 'logged-model', project: 'flights', model: id }, name: 'data' }), 1);
  await tracking.deleteLoggedModel(context, 'flights', id);
  await tracking.deleteLoggedModel(context, 'flights', id);
  const restored = await tracking.restoreLoggedModel(context, 'flights', id);
  assert.deepEqual([restored.state, restored.deletedAt], ['ready', undefined]);
  assert.deepEqual(await eventsOf(setting), [
    'logged-model.created',
    'logged-model.upload-failed',
    'logged-model.ready',
    'logged-model.tagged',
    'logged-model.tagged',
    'logged-model.artifact.deleted',
    'logged-model.deleted',
    'logged-model.restored',
  ]);
});

testTracking('a model whose files do not come within a day is marked as failed, and may still become ready', async (setting) => {
  const { tracking, clock } = setting;
  const old = await create(setting, 'old');
  const ready = await create(setting, 'ready');
  const deleted = await create(setting, 'deleted');
  await tracking.editLoggedModel(context, { project: 'flights', model: ready.id, state: 'ready' });
  await tracking.deleteLoggedModel(context, 'flights', deleted.id);
  clock.advance(24 * 60 * 60 * 1000);
  const young = await create(setting, 'young');
  assert.equal(await tracking.failStaleModels(), 0);
  clock.advance(1);
  assert.equal(await tracking.failStaleModels(), 1);
  const states = await Promise.all([old, ready, young].map(async ({ id }) => (await tracking.loggedModel('flights', id)).state));
  assert.deepEqual(states, ['upload-failed', 'ready', 'pending']);
  assert.equal((await tracking.editLoggedModel(context, { project: 'flights', model: old.id, state: 'ready' })).state, 'ready');
});

testTracking('files of a model have its names checked, and are gone with it', async (setting) => {
  const { tracking, objects } = setting;
  const { id } = await create(setting);
  const place = { holder: { kind: 'logged-model', project: 'flights', model: id }, name: 'model.bin' } as const;
  await assert.rejects(tracking.putFile({ ...place, name: '../x' }, { content: 'x' }), { code: 'tracking.name-invalid' });
  const file = await tracking.putFile(place, { content: 'weights' });
  assert.equal((await objects.read(file.digest)).toString(), 'weights');
  await tracking.deleteLoggedModel(context, 'flights', id);
  await assert.rejects(tracking.file(place), { code: 'tracking.logged-model-not-found' });
});

testTracking('concurrent registrations of parameters keep what was first', async (setting) => {
  const { tracking } = setting;
  const { id: model } = await create(setting);
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      tracking.editLoggedModel(context, { project: 'flights', model, parameters: { depth: index, index: 1 } }),
    ),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const { parameters } = await tracking.loggedModel('flights', model);
  assert.equal(parameters['index'], '1');
});
