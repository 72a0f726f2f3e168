import assert from 'node:assert/strict';
import { context, testRegistry } from '../testing.ts';
import type { ImportedVersion, ImportModel } from './import-model.ts';

function version(given: Partial<ImportedVersion> = {}): ImportedVersion {
  const times = { createdAt: 1000, updatedAt: 2000 };
  return { version: 1, source: 's3://bucket/model', description: '', stage: 'None', tags: {}, ...times, ...given };
}

function model(given: Partial<ImportModel> = {}): ImportModel {
  return {
    project: 'flights',
    name: 'delay',
    description: 'of flights',
    createdAt: 500,
    updatedAt: 2500,
    tags: { team: 'ops' },
    versions: [version()],
    aliases: {},
    ...given,
  };
}

testRegistry(
  'a model keeps its numbers with their gaps, stages, aliases, tags and times; sending it again changes nothing',
  async (setting) => {
    const { registry, events } = setting;
    const sent = model({
      versions: [version({ stage: 'Production', description: 'one' }), version({ version: 4, tags: { k: 'v' }, createdAt: 1500 })],
      aliases: { champion: 4, lost: 3 },
    });
    const outcomes = async () => (await registry.importModel(context, sent)).map(({ version: number, outcome }) => [number, outcome]);
    assert.deepEqual(await outcomes(), [
      [1, 'created'],
      [4, 'created'],
    ]);
    assert.deepEqual(await outcomes(), [
      [1, 'updated'],
      [4, 'updated'],
    ]);
    const kept = await registry.model('flights', 'delay');
    assert.deepEqual(
      [kept.description, kept.createdAt, kept.tags, kept.aliases, kept.latestVersion],
      ['of flights', 500, { team: 'ops' }, { champion: 4 }, 4],
    );
    const first = await registry.version('flights', 'delay', 1);
    assert.deepEqual(
      [first.stage, first.description, first.registeredAt, first.updatedAt, first.source],
      ['Production', 'one', 1000, 2000, 's3://bucket/model'],
    );
    const types = async (type: string) =>
      (await events.find({ project: 'flights', types: [type], order: 'oldest-first', limit: 10 })).length;
    assert.deepEqual(
      [await types('model.imported'), await types('model.version.imported'), await types('model.version.registered')],
      [2, 2, 0],
    );
    await setting.register(1);
    assert.equal((await registry.model('flights', 'delay')).latestVersion, 5);
  },
);

testRegistry('a version whose files are here has and signs them; one whose files are not is kept without', async (setting) => {
  const { registry, tracking, start, put } = setting;
  const run = await start();
  await tracking.putArtifact(run.id, 'model/weights.bin', { digest: await put('weights') });
  const outcomes = await registry.importModel(
    context,
    model({
      versions: [
        version({ source: `runs:/${run.id}/model`, run: run.id }),
        version({ version: 2, source: `mlflow-artifacts:/1/${'f'.repeat(32)}/artifacts/model`, run: 'f'.repeat(32) }),
      ],
    }),
  );
  assert.deepEqual(
    outcomes.map(({ outcome, problem }) => [outcome, problem?.code]),
    [
      ['created', undefined],
      ['created', 'tracking.run-not-found'],
    ],
  );
  const first = await registry.version('flights', 'delay', 1);
  assert.deepEqual([first.run, first.files.map(({ name }) => name)], [run.id, ['weights.bin']]);
  assert.deepEqual((await registry.version('flights', 'delay', 2)).files, []);
  const signed = await setting.events.find({ project: 'flights', types: ['model.version.signed'], order: 'oldest-first', limit: 10 });
  assert.deepEqual(
    signed.map(({ data }) => data['version']),
    [1],
  );
});

testRegistry('a version that was made here is not overwritten, and a prompt is no model', async (setting) => {
  const { registry } = setting;
  const own = await setting.register(1);
  const [outcome] = await registry.importModel(context, model());
  assert.deepEqual([outcome?.outcome, outcome?.problem?.code], ['refused', 'registry.import-version-taken']);
  assert.equal((await registry.version('flights', 'delay', 1)).digest, own.digest);
  const prompt = { 'mlflow.prompt.is_prompt': 'true' };
  await assert.rejects(registry.importModel(context, model({ tags: prompt })), { code: 'registry.kinds-differ' });
  const text = version({ source: 'dummy-source', tags: { ...prompt, 'mlflow.prompt.text': 'hello {{x}}' } });
  await registry.importModel(context, model({ name: 'greeting', tags: prompt, versions: [text] }));
  assert.equal((await registry.version('flights', 'greeting', 1)).kind, 'prompt');
});
