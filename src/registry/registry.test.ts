import assert from 'node:assert/strict';
import { onnxFile, smallModel, tensorValue } from './onnx/testing.ts';
import { context, testRegistry } from './testing.ts';
import type { CardWire, EvaluationWire, LineageWire, ModelWire, ModelVersionWire, VersionComparisonWire } from './wire.ts';

const models = '/api/v1/projects/flights/models';

testRegistry(
  'registering says so in the event log, exactly as agreed, with what the run knows',
  async ({ registry, start, put, events }) => {
    const run = await start({
      codeDigest: 'sha256:code',
      environmentDigest: 'sha256:env',
      commit: 'abc',
      pipelineRun: 'p1',
      inputs: [
        { dataset: 'flights', snapshot: 4, digest: 'sha256:d' },
        { dataset: 'foreign', digest: 'x' },
      ],
    });
    const model = await put(smallModel());
    const evaluation = await put('{"metrics":{"auc":0.66}}');
    const files = { 'model.onnx': model, 'evaluation.json': evaluation };
    const version = await registry.registerVersion(context, { project: 'flights', model: 'delay', run: run.id, files });
    assert.equal(version.version, 1);
    assert.equal(version.digest, model);
    assert.equal(version.signature?.inputs[0]?.datatype, 'BYTES');
    assert.deepEqual([version.commit, version.pipelineRun], ['abc', 'p1']);
    const [event, ...rest] = await events.find({ types: ['model.version.registered'] });
    assert.deepEqual(rest, []);
    assert.equal(event?.subject, 'projects/flights/models/delay/versions/1');
    assert.deepEqual(event.data, {
      model: 'delay',
      version: 1,
      run: run.id,
      digest: model,
      files,
      signature: true,
      snapshots: [{ dataset: 'flights', snapshot: 4, digest: 'sha256:d' }],
      codeDigest: 'sha256:code',
      environmentDigest: 'sha256:env',
      trainer: 'ripen',
    });
  },
);

testRegistry(
  'the same model of the same run is registered once; another run or model gets the next number',
  async ({ registry, start, put, events }) => {
    const [first, second] = [await start(), await start()];
    const files = { 'model.onnx': await put(smallModel()) };
    const register = (run: string, model = 'delay', more = {}) =>
      registry.registerVersion(context, { project: 'flights', model, run, files: { ...files, ...more } });
    const same = await Promise.all([register(first.id), register(first.id), register(first.id)]);
    assert.deepEqual(
      same.map(({ version }) => version),
      [1, 1, 1],
    );
    assert.equal((await register(second.id)).version, 2);
    assert.equal((await register(first.id, 'other')).version, 1);
    assert.equal((await register(first.id, 'delay', { 'model.onnx': await put(smallModel(1)) })).version, 3);
    assert.equal((await events.find({ types: ['model.version.registered'] })).length, 4);
  },
);

testRegistry('versions registered at once are numbered without gaps, and refused ones leave none', async ({ registry, start, put }) => {
  const attempts = Array.from({ length: 20 }, async (_, index) => {
    const run = await start();
    const file = index % 4 === 0 ? await put(`broken ${index}`) : await put(smallModel(index));
    return registry.registerVersion(context, { project: 'flights', model: 'delay', run: run.id, files: { 'model.onnx': file } });
  });
  const settled = await Promise.allSettled(attempts);
  assert.equal(settled.filter(({ status }) => status === 'rejected').length, 5);
  const { items } = await registry.versions({ project: 'flights', model: 'delay' }, { limit: 100 });
  assert.deepEqual(
    items.map(({ version }) => version),
    Array.from({ length: 15 }, (_, index) => 15 - index),
  );
});

testRegistry(
  'what is no model, no evaluation, or not stored is refused with its reason, and creates nothing',
  async ({ registry, start, put, api }) => {
    const run = await start();
    const register = (files: Record<string, string>, model = 'delay') =>
      registry.registerVersion(context, { project: 'flights', model, run: run.id, files });
    const model = await put(smallModel());
    await assert.rejects(register({ 'model.onnx': await put('no model') }), { code: 'registry.onnx-invalid' });
    await assert.rejects(register({ 'model.onnx': model, 'evaluation.json': await put('{"metrics":{"auc":"high"}}') }), {
      code: 'registry.evaluation-invalid',
    });
    await assert.rejects(register({ 'model.onnx': model, 'evaluation.json': await put('{') }), { code: 'registry.evaluation-invalid' });
    await assert.rejects(register({ 'model.onnx': `sha256:${'0'.repeat(64)}` }), { code: 'registry.file-missing' });
    await assert.rejects(register({ 'model.onnx': '../../etc/passwd' }), { code: 'registry.file-missing' });
    await assert.rejects(register({ '../model.onnx': model }), { code: 'registry.name-invalid' });
    await assert.rejects(register({}), { code: 'registry.no-model-file' });
    for (const name of ['a/b', 'a:b', 'a@b', ' ', '..', 'x'.repeat(257), 'a\nb']) {
      await assert.rejects(register({ 'model.onnx': model }, name), { code: 'registry.name-invalid' }, name);
    }
    const unknown = { project: 'flights', model: 'delay', run: 'nobody', files: { 'model.onnx': model } };
    await assert.rejects(registry.registerVersion(context, unknown), { code: 'tracking.run-not-found' });
    assert.deepEqual(await api.call(`GET`, models), { items: [] });
    assert.equal((await register({ 'model.onnx': model }, "Größe 日本 '; drop table x; --")).version, 1);
  },
);

testRegistry('a version is found by number, alias and latest; aliases move and go', async ({ register, registry, api, events }) => {
  await register(1);
  await register(2);
  const address = `${models}/delay`;
  await api.call('PUT', `${address}/aliases/production`, { version: 1 });
  await api.call('PUT', `${address}/aliases/production`, { version: 1 });
  const model = await api.call<ModelWire>('PUT', `${address}/aliases/champion`, { version: '@production' });
  assert.deepEqual(model.aliases, { champion: 1, production: 1 });
  assert.equal((await events.find({ types: ['model.version.alias-set'] })).length, 2);
  assert.deepEqual((await events.find({ types: ['model.version.alias-set'] }))[0]?.data, {
    model: 'delay',
    version: 1,
    alias: 'production',
  });
  const get = (version: string) => api.call<ModelVersionWire>('GET', `${address}/versions/${encodeURIComponent(version)}`);
  assert.equal((await get('@production')).version, 1);
  assert.deepEqual((await get('1')).aliases, ['champion', 'production']);
  assert.equal((await get('latest')).version, 2);
  assert.equal((await registry.version('flights', 'delay', 2)).version, 2);
  await api.call('PUT', `${address}/aliases/production`, { version: 2 });
  assert.equal((await get('@production')).version, 2);
  await api.call('DELETE', `${address}/aliases/production`);
  await api.call('DELETE', `${address}/aliases/production`);
  const missing = await api.call<{ code: string }>('GET', `${address}/versions/@production`, undefined, { status: 404 });
  assert.equal(missing.code, 'registry.alias-not-found');
  for (const alias of ['latest', 'v3', '3', 'a b', 'x'.repeat(256)]) {
    await api.call('PUT', `${address}/aliases/${encodeURIComponent(alias)}`, { version: 1 }, { status: 400 });
  }
  for (const version of ['0', '-1', 'x', '1.5', '99999999999'])
    await api.call('GET', `${address}/versions/${version}`, undefined, { status: 400 });
  await api.call('GET', `${address}/versions/3`, undefined, { status: 404 });
  await api.call('GET', `/api/v1/projects/other/models/delay/versions/1`, undefined, { status: 404 });
});

testRegistry('a version in use cannot be archived, an archived one cannot be pointed at', async ({ register, registry, api }) => {
  await register(1);
  const address = `${models}/delay/versions/1`;
  await api.call('PUT', `${models}/delay/aliases/production`, { version: 1 });
  assert.equal((await api.call<{ code: string }>('POST', `${address}/archive`, {}, { status: 409 })).code, 'registry.version-in-use');
  await api.call('DELETE', `${models}/delay/aliases/production`);
  assert.equal((await api.call<ModelVersionWire>('POST', `${address}/archive`, {})).state, 'archived');
  await api.call('POST', `${address}/archive`, {});
  await assert.rejects(registry.setAlias(context, { project: 'flights', model: 'delay', version: 1, alias: 'champion' }), {
    code: 'registry.version-archived',
  });
  assert.equal((await api.call<ModelVersionWire>('POST', `${address}/restore`, {})).state, 'registered');
});

testRegistry(
  'the card of a pipeline gets its facts, is measured, and two editors do not overwrite each other',
  async ({ register, api, events }) => {
    const card = '# Card\n## Model details\nVersion {{model.version}} of run {{run}}, owned by {{owner}}.\n## Limits\nTODO\n';
    await register(1, { 'card.md': card });
    const address = `${models}/delay/versions/1/card`;
    const first = await api.call<CardWire>('GET', address);
    assert.match(first.text ?? '', /^Version 1 of run [0-9a-f]{32}, owned by Ripen\.$/m);
    assert.deepEqual([first.filledFields, first.requiredFields], [1, 6]);
    const text = `${first.text}\n## Data\nSix months of flights.\n`;
    const edited = await api.call<CardWire>('PUT', address, { text, replaces: first.digest });
    assert.equal(edited.filledFields, 2);
    const refused = await api.call<{ code: string }>('PUT', address, { text: 'mine', replaces: first.digest }, { status: 409 });
    assert.equal(refused.code, 'registry.card-changed');
    await api.call('PUT', address, { text, replaces: edited.digest });
    const said = await events.find({ types: ['model.card.updated'] });
    assert.deepEqual(
      said.map(({ data }) => data),
      [1, 2].map((filledFields) => ({ model: 'delay', version: 1, filledFields, requiredFields: 6 })),
    );
    assert.equal((await api.call<ModelVersionWire>('GET', `${models}/delay/versions/1`)).card.filledFields, 2);
    await api.call('PUT', address, { text: 'x'.repeat(600_000) }, { status: 413 });
  },
);

testRegistry('the evaluation and the files are shown as they were stored', async ({ register, api }) => {
  const evaluation = {
    metrics: { auc: 0.66, bad: null },
    slices: [{ slice: 'hour=17', count: 3, auc: 0.6 }],
    rows: 10,
    extra: { kept: true },
  };
  const version = await register(1, { 'evaluation.json': JSON.stringify(evaluation) });
  const address = `${models}/delay/versions/1`;
  assert.deepEqual((await api.call<{ evaluation: EvaluationWire }>('GET', `${address}/evaluation`)).evaluation, evaluation);
  const file = await api.request(`${address}/files/model.onnx`, { headers: { range: 'bytes=0-3' } });
  assert.equal(file.status, 206);
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), smallModel(1).subarray(0, 4));
  assert.equal(file.headers.get('etag'), `"${version.digest}"`);
  await api.call('GET', `${address}/files/other`, undefined, { status: 404 });
  await register(2);
  assert.deepEqual(await api.call('GET', `${models}/delay/versions/2/evaluation`), {});
});

testRegistry('lineage leads up to run and data and down to releases and what is deployed now', async ({ register, api, events }) => {
  await register(1);
  await register(2);
  const emit = (type: string, data: Record<string, string | number>) =>
    events.change(context, async (change) => change.emit({ type, source: 'test', subject: 'x', data }));
  const delay = { model: 'delay', version: 1 };
  await emit('release.created', { ...delay, release: 'r1', reason: 'new data' });
  await emit('release.created', { model: 'delay', version: 2, release: 'r2', reason: 'newer' });
  await emit('release.finished', { ...delay, release: 'r1', outcome: 'released' });
  await emit('service.deployed', { ...delay, deployment: 'delay', environment: 'staging', revision: 'a', cause: 'release' });
  await emit('service.deployed', { ...delay, deployment: 'delay', environment: 'production', revision: 'b', cause: 'release' });
  await emit('service.deployed', {
    model: 'delay',
    version: 2,
    deployment: 'delay',
    environment: 'production',
    revision: 'c',
    cause: 'release',
  });
  const lineage = (version: number) => api.call<LineageWire>('GET', `${models}/delay/versions/${version}/lineage`);
  const before = await lineage(1);
  assert.equal(before.run?.experiment, 'baseline');
  assert.deepEqual(
    before.releases.map(({ release, reason, outcome }) => ({ release, reason, outcome })),
    [{ release: 'r1', reason: 'new data', outcome: 'released' }],
  );
  assert.deepEqual(
    before.deployments.map(({ environment, current }) => ({ environment, current })),
    [
      { environment: 'production', current: false },
      { environment: 'staging', current: true },
    ],
  );
  await emit('service.rolled-back', {
    deployment: 'delay',
    environment: 'production',
    fromRevision: 'c',
    toRevision: 'b',
    fromVersion: 2,
    toVersion: 1,
  });
  assert.deepEqual(
    (await lineage(1)).deployments.map(({ environment, revision, cause, current }) => ({ environment, revision, cause, current }))[0],
    { environment: 'production', revision: 'b', cause: 'rollback', current: true },
  );
  assert.equal((await lineage(2)).deployments[0]?.current, false);
});

testRegistry(
  'two versions are compared by metrics, parameters, signature, data and origin',
  async ({ registry, tracking, start, put, api }) => {
    const make = async (side: { auc: number; epochs: number; snapshot: number; file: Buffer }) => {
      const run = await start({
        inputs: [{ dataset: 'flights', snapshot: side.snapshot, digest: `sha256:${side.snapshot}` }],
        commit: 'same',
      });
      await tracking.log(run.id, { parameters: { epochs: side.epochs, seed: 1 }, metrics: [{ name: 'loss', value: Number.NaN }] });
      const files = {
        'model.onnx': await put(side.file),
        'evaluation.json': await put(JSON.stringify({ metrics: { auc: side.auc, rows: 5 } })),
      };
      return registry.registerVersion(context, { project: 'flights', model: 'delay', run: run.id, files });
    };
    const changed = onnxFile({
      input: [tensorValue('hour', 6, ['rows', 1]), tensorValue('day', 7, ['rows'])],
      output: [tensorValue('probability', 1, ['rows']), tensorValue('label', 7, ['rows'])],
    });
    await make({ auc: 0.66, epochs: 4, snapshot: 4, file: smallModel() });
    await make({ auc: 0.68, epochs: 8, snapshot: 5, file: changed });
    const comparison = await api.call<VersionComparisonWire>('GET', `${models}/delay/comparison?before=1&after=latest`);
    assert.deepEqual(comparison.metrics, [
      { name: 'auc', values: [0.66, 0.68], differs: true },
      { name: 'rows', values: [5, 5], differs: false },
    ]);
    assert.deepEqual(comparison.runMetrics, [{ name: 'loss', values: ['NaN', 'NaN'], differs: false }]);
    assert.deepEqual(comparison.parameters[0], { name: 'epochs', values: ['4', '8'], differs: true });
    assert.deepEqual(comparison.snapshots, [{ name: 'flights', values: ['@4', '@5'], differs: true }]);
    assert.deepEqual(
      comparison.signature.map(({ side, name, breaking }) => `${side} ${name} ${breaking}`),
      ['input origin true', 'input hour true', 'input day true', 'output label false'],
    );
    assert.deepEqual(
      comparison.origin.filter(({ differs }) => differs).map(({ name }) => name),
      ['run'],
    );
  },
);

testRegistry('models are created, described, tagged and listed page by page', async ({ api, register, start, registry }) => {
  await api.call('POST', models, { name: 'b', description: 'second' }, { status: 201 });
  await api.call('POST', models, { name: 'a', tags: { team: 'delay' } }, { status: 201 });
  assert.equal((await api.call<{ code: string }>('POST', models, { name: 'a' }, { status: 409 })).code, 'registry.model-exists');
  const version = await register(1);
  const page = await api.call<{ items: ModelWire[]; next?: string }>('GET', `${models}?limit=2`);
  assert.deepEqual(
    page.items.map(({ name, latestVersion }) => [name, latestVersion]),
    [
      ['a', 0],
      ['b', 0],
    ],
  );
  const rest = await api.call<{ items: ModelWire[]; next?: string }>('GET', `${models}?limit=2&after=${page.next}`);
  assert.deepEqual(
    rest.items.map(({ name }) => name),
    ['delay'],
  );
  const edited = await api.call<ModelWire>('PATCH', `${models}/a`, { description: 'first', tags: { team: null, tier: '1' } });
  assert.deepEqual([edited.description, edited.tags], ['first', { tier: '1' }]);
  const tagged = await api.call<ModelVersionWire>('PATCH', `${models}/delay/versions/1`, { description: 'good', tags: { checked: 'yes' } });
  assert.deepEqual([tagged.description, tagged.tags], ['good', { checked: 'yes' }]);
  const ofRun = await api.call<{ items: ModelVersionWire[] }>('GET', `/api/v1/projects/flights/runs/${version.run}/model-versions`);
  assert.equal(ofRun.items[0]?.version, 1);
  assert.deepEqual(await registry.versionsOfRun('other', (await start()).id), []);
});
