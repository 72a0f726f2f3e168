import assert from 'node:assert/strict';
import type { MlflowMessage } from '#tracking/testing.ts';
import { smallModel } from '../onnx/testing.ts';
import { context, testRegistry } from '../testing.ts';
import type { LineageWire, VersionComparisonWire } from '../wire.ts';
import { clientOf, mlmodel, models, runWithModel, versions } from './testing.ts';

testRegistry('a version of a run’s folder has its files, its origin and a place where clients find them', async (setting) => {
  const { send, create } = clientOf(setting);
  const run = await runWithModel(setting);
  await send('POST', `${models}/create`, { name: 'delay', tags: [{ key: 'team', value: 'ops' }], description: 'd' });
  const made = await create(`runs:/${run.id}/model`, { run_id: run.id, run_link: 'http://x', description: '' });
  const { creation_timestamp, last_updated_timestamp, ...rest } = made as Record<string, unknown>;
  assert.equal(creation_timestamp, last_updated_timestamp);
  assert.deepEqual(rest, {
    name: 'delay',
    version: '1',
    user_id: 'Ripen',
    current_stage: 'None',
    description: '',
    source: `runs:/${run.id}/model`,
    run_id: run.id,
    status: 'READY',
    run_link: 'http://x',
  });
  const version = await setting.registry.version('flights', 'delay', 1);
  assert.deepEqual(
    version.files.map(({ name }) => name),
    ['MLmodel', 'model.onnx', 'requirements.txt'],
  );
  assert.equal(version.digest, version.files[1]?.digest);
  assert.equal(version.signature?.inputs[0]?.datatype, 'BYTES');
  assert.deepEqual([version.commit, version.environmentDigest], ['abc', version.files[2]?.digest]);
  assert.deepEqual(version.snapshots, [{ dataset: 'flights', snapshot: 4, digest: 'sha256:d' }]);
  const { artifact_uri: uri } = await send('GET', `${versions}/get-download-uri?name=delay&version=1`);
  const place = String(uri).replace('mlflow-artifacts:/', '');
  const listed = await send('GET', `/api/2.0/mlflow-artifacts/artifacts?path=${place}`);
  assert.deepEqual(
    listed['files']?.map((file: MlflowMessage) => file['path']),
    ['MLmodel', 'model.onnx', 'requirements.txt'],
  );
  // What is written in the run afterwards changes nothing.
  await setting.tracking.deleteRun(context, run.id);
  const file = await setting.mlflow.raw('GET', `/api/2.0/mlflow-artifacts/artifacts/${place}/MLmodel`);
  assert.equal(file.body.toString(), mlmodel);
  const one = await setting.mlflow.raw('GET', '/model-versions/get-artifact?name=delay&version=1&path=MLmodel');
  assert.equal(one.body.toString(), mlmodel);
  const written = await setting.mlflow.raw('PUT', `/api/2.0/mlflow-artifacts/artifacts/${place}/MLmodel`, { body: 'x' });
  assert.equal(written.status, 403);
  const elsewhere = await setting.mlflow.raw('GET', `/projects/other/api/2.0/mlflow-artifacts/artifacts/${place}/MLmodel`);
  assert.equal(elsewhere.status, 404);
});

testRegistry('each call makes a version; copies keep what they are made from', async (setting) => {
  const { send, refused, create } = clientOf(setting);
  const run = await runWithModel(setting);
  await send('POST', `${models}/create`, { name: 'delay' });
  await send('POST', `${models}/create`, { name: 'copy' });
  assert.equal((await create(`runs:/${run.id}/model`))['version'], '1');
  assert.equal((await create(`mlflow-artifacts:/1/${run.id}/artifacts/model`))['version'], '2');
  await send('POST', `${models}/alias`, { name: 'delay', alias: 'champion', version: '1' });
  const copy = await create('models:/delay@champion', {}, 'copy');
  assert.deepEqual([copy['source'], copy['run_id']], ['models:/delay/1', run.id]);
  assert.deepEqual(
    (await setting.registry.version('flights', 'copy', 1)).files,
    (await setting.registry.version('flights', 'delay', 1)).files,
  );
  await send('DELETE', `${models}/delete`, { name: 'delay' });
  assert.equal((await setting.registry.version('flights', 'copy', 1)).files.length, 3);
  const wrong: [string, object, RegExp][] = [
    ['runs:/nobody/model', {}, /nobody/],
    [`runs:/${run.id}/model`, { run_id: 'x' }, /The run_id request parameter must identify/],
    ['models:/copy/9', {}, /version=/],
    ['models:/copy', {}, /names no version/],
    ['models://host/copy/1', {}, /active model registry/],
    ['/etc', {}, /^Invalid model version source: '\/etc'. To use a local path as a model version source, the run_id/],
    ['file:///etc', { run_id: run.id }, /To use a local path/],
    ['mlflow-artifacts:/1/%252e%252e/x', {}, /If supplying a source as an http, https,/],
    ['s3://bucket/../x', {}, /If supplying a source as an http, https,/],
    [' ', {}, /It is empty/],
  ];
  for (const [source, more, message] of wrong) {
    const [status, , text] = await refused('POST', `${versions}/create`, { name: 'copy', source, ...more });
    assert.ok(status === 400 || status === 404, source);
    assert.match(String(text), message, source);
  }
  const [status, , text] = await refused('POST', `${versions}/create`, { name: 'copy', source: 'file://host/x' });
  assert.equal(status, 500);
  assert.match(String(text), /is not a valid remote uri/);
  const far = await create('s3://bucket/model', { run_id: 'of-another-server' }, 'copy');
  assert.deepEqual([far['version'], far['run_id']], ['2', 'of-another-server']);
  assert.equal((await send('GET', `${versions}/get-download-uri?name=copy&version=2`))['artifact_uri'], 's3://bucket/model');
});

testRegistry('a broken model directory is refused with the reason, and makes no version', async (setting) => {
  const { send, refused } = clientOf(setting);
  const run = await setting.start();
  const holder = { kind: 'run', project: 'flights', run: run.id } as const;
  await setting.tracking.putFile({ holder, name: 'model/MLmodel' }, { digest: await setting.put(mlmodel) });
  await send('POST', `${models}/create`, { name: 'delay' });
  const [status, code, message] = await refused('POST', `${versions}/create`, { name: 'delay', source: `runs:/${run.id}/model` });
  assert.deepEqual([status, code], [400, 'INVALID_PARAMETER_VALUE']);
  assert.match(String(message), /model\.onnx: "flavors\.onnx\.data" names it, but it is not there/);
  assert.deepEqual(await send('GET', `${versions}/search`), {});
});

testRegistry('lineage names data, logged model and copies; comparison covers what model directories say', async (setting) => {
  const { send, create } = clientOf(setting);
  const runs = [await runWithModel(setting, 1), await runWithModel(setting, 2)];
  await setting.tracking.addInputs(runs[1]?.id ?? '', [{ dataset: 'iris', digest: 'abc', context: 'training' }]);
  const holder = { kind: 'run', project: 'flights', run: runs[1]?.id ?? '' } as const;
  const changed = `${mlmodel}signature:\n  inputs: '[{"type": "long", "name": "hour", "required": true}]'\n  outputs: null\n  params: null\n`;
  await setting.tracking.putFile({ holder, name: 'model/MLmodel' }, { digest: await setting.put(changed) });
  await setting.tracking.putFile({ holder, name: 'model/requirements.txt' }, { digest: await setting.put('onnx==1.18.0\n') });
  await send('POST', `${models}/create`, { name: 'delay' });
  for (const run of runs) await create(`runs:/${run.id}/model`);
  await create('models:/delay/2');
  const at = '/api/v1/projects/flights/models/delay';
  const lineage = (version: number) => setting.api.call<LineageWire>('GET', `${at}/versions/${version}/lineage`);
  const second = await lineage(2);
  assert.deepEqual(second.copies, [{ model: 'delay', version: 3 }]);
  assert.deepEqual(
    second.datasets.map(({ dataset, snapshot }) => [dataset, snapshot]),
    [
      ['flights', 4],
      ['iris', undefined],
    ],
  );
  assert.deepEqual((await lineage(3)).copiedFrom, { model: 'delay', version: 2 });
  const comparison = await setting.api.call<VersionComparisonWire>('GET', `${at}/comparison?before=1&after=2`);
  assert.deepEqual(comparison.schema, [{ name: 'input hour', values: [null, 'long'], differs: true }]);
  assert.deepEqual(comparison.environment.find(({ name }) => name === 'onnx')?.values, ['any', '==1.18.0']);
  assert.deepEqual(comparison.snapshots.find(({ name }) => name === 'iris')?.values, [null, 'abc']);
  const copied = await setting.api.call<VersionComparisonWire>('GET', `${at}/comparison?before=2&after=3`);
  assert.deepEqual(
    [copied.files, copied.schema, copied.environment].flatMap((rows) => rows.filter(({ differs }) => differs)),
    [],
  );
});

testRegistry('files in folders keep their names, wherever they are read', async (setting) => {
  const { send, create } = clientOf(setting);
  const run = await setting.start();
  const holder = { kind: 'run', project: 'flights', run: run.id } as const;
  for (const name of ['m/data/Größe 1.bin', 'm/data/sub/x', 'm/y'])
    await setting.tracking.putFile({ holder, name }, { digest: await setting.put(name) });
  await send('POST', `${models}/create`, { name: 'delay' });
  await create(`runs:/${run.id}/m`);
  const { files, location } = await setting.registry.version('flights', 'delay', 1);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['data/Größe 1.bin', 'data/sub/x', 'y'],
  );
  const place = location.replace('mlflow-artifacts:/', '');
  const listed = async (path: string) =>
    (await send('GET', `/api/2.0/mlflow-artifacts/artifacts?path=${place}${path}`))['files']?.map((file: MlflowMessage) => [
      file['path'],
      file['is_dir'],
    ]);
  assert.deepEqual(await listed(''), [
    ['data', true],
    ['y', false],
  ]);
  assert.deepEqual(await listed('/data'), [
    ['Größe 1.bin', false],
    ['sub', true],
  ]);
  assert.deepEqual(await listed('/y'), undefined);
  const name = encodeURIComponent('data/Größe 1.bin');
  for (const path of [
    `/api/2.0/mlflow-artifacts/artifacts/${place}/${encodeURI('data/Größe 1.bin')}`,
    `/model-versions/get-artifact?name=delay&version=1&path=${name}`,
  ])
    assert.equal((await setting.mlflow.raw('GET', path)).body.toString(), 'm/data/Größe 1.bin', path);
  const own = await setting.api.request(`/api/v1/projects/flights/models/delay/versions/1/files/${name}`);
  assert.equal(await own.text(), 'm/data/Größe 1.bin');
});

testRegistry('versions that clients register at once are numbered without gaps', async (setting) => {
  const { send, create } = clientOf(setting);
  await send('POST', `${models}/create`, { name: 'delay' });
  const made = await Promise.all(Array.from({ length: 12 }, () => create('s3://b/m')));
  assert.deepEqual(
    made.map((version) => Number(version['version'])).toSorted((a, b) => a - b),
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
});

testRegistry('refusals are in the words that clients look for', async (setting) => {
  const { send, refused, create } = clientOf(setting);
  await send('POST', `${models}/create`, { name: 'delay' });
  await create('s3://b/m');
  const missingVersion = [404, 'RESOURCE_DOES_NOT_EXIST', 'Model Version (name=delay, version=7) not found'];
  const invalid = (message: string) => [400, 'INVALID_PARAMETER_VALUE', message];
  assert.deepEqual(await refused('GET', `${models}/get?name=nope`), [
    404,
    'RESOURCE_DOES_NOT_EXIST',
    'Registered Model with name=nope not found',
  ]);
  assert.deepEqual(await refused('POST', `${models}/create`, { name: 'delay' }), [
    400,
    'RESOURCE_ALREADY_EXISTS',
    'Registered Model (name=delay) already exists.',
  ]);
  assert.deepEqual(
    await refused('POST', `${models}/create`, { name: 'a/b' }),
    invalid("Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
  );
  assert.deepEqual(await refused('GET', `${versions}/get?name=delay&version=7`), missingVersion);
  assert.deepEqual(await refused('POST', `${versions}/set-tag`, { name: 'delay', version: '7', key: 'a', value: 'b' }), missingVersion);
  assert.deepEqual(await refused('GET', `${models}/alias?name=delay&alias=x`), invalid('Registered model alias x not found.'));
  assert.deepEqual(
    await refused('POST', `${versions}/transition-stage`, { name: 'delay', version: '1', stage: 'bogus' }),
    invalid('Invalid Model Version stage: bogus. Value must be one of None, Staging, Production, Archived.'),
  );
  const [, , cannot] = await refused('POST', `${versions}/transition-stage`, {
    name: 'delay',
    version: '1',
    stage: 'Archived',
    archive_existing_versions: true,
  });
  assert.match(String(cannot), /cannot archive existing model versions/);
  for (const [alias, message] of [
    ['latest', /reserved/],
    ['v3', /reserved/],
    ['a b', /Invalid alias name: 'a b'/],
    ['x'.repeat(256), /maximum length of 255/],
  ] as const)
    assert.match(String((await refused('POST', `${models}/alias`, { name: 'delay', alias, version: '1' }))[2]), message);
  assert.match(String((await refused('POST', `${models}/set-tag`, { name: 'delay', key: 'k'.repeat(251) }))[2]), /maximum length of 250/);
  assert.match(String((await refused('POST', `${models}/set-tag`, { name: 'delay', key: 'a%b' }))[2]), /Names may only contain/);
  assert.match(
    String((await refused('POST', `${versions}/set-tag`, { name: 'delay', version: '1', key: 'k', value: 'v'.repeat(100_001) }))[2]),
    /maximum length of 100000/,
  );
  assert.equal((await refused('GET', `${models}/search?page_token=xyz`))[0], 400);
  assert.equal((await refused('GET', `${models}/search?max_results=1001`))[0], 400);
  assert.equal((await refused('GET', `${versions}/search?max_results=0`))[0], 400);
  assert.equal((await refused('GET', `${versions}/search?filter=nothing%20%3D%201`))[0], 400);
  assert.deepEqual(await send('DELETE', `${models}/delete-tag`, { name: 'delay', key: 'missing' }), {});
  assert.deepEqual(await send('DELETE', `${models}/alias`, { name: 'delay', alias: 'missing' }), {});
});

testRegistry('aliases, stages and the newest versions', async (setting) => {
  const { send, create } = clientOf(setting);
  await send('POST', `${models}/create`, { name: 'delay' });
  for (let index = 0; index < 3; index++) await create('s3://b/m');
  await send('POST', `${models}/alias`, { name: 'delay', alias: 'champion', version: '2' });
  assert.deepEqual((await send('GET', `${models}/alias?name=delay&alias=champion`))['model_version']?.['aliases'], ['champion']);
  assert.equal((await send('GET', `${models}/alias?name=delay&alias=latest`))['model_version']?.['version'], '3');
  await send('POST', `${versions}/transition-stage`, { name: 'delay', version: '1', stage: 'Staging' });
  await send('POST', `${versions}/transition-stage`, { name: 'delay', version: '2', stage: 'staging', archive_existing_versions: true });
  const latest = async (stages: string[]) =>
    (await send('POST', `${models}/get-latest-versions`, { name: 'delay', stages }))['model_versions']?.map((version: MlflowMessage) => [
      version['version'],
      version['current_stage'],
    ]);
  assert.deepEqual(await latest([]), [
    ['1', 'Archived'],
    ['2', 'Staging'],
    ['3', 'None'],
  ]);
  assert.deepEqual(await latest(['STAGING']), [['2', 'Staging']]);
  const one = await send('GET', `${models}/get?name=delay`);
  assert.deepEqual(one['registered_model']?.['aliases'], [{ alias: 'champion', version: '2' }]);
  await send('DELETE', `${versions}/delete`, { name: 'delay', version: '3' });
  assert.deepEqual(await latest(['none']), undefined);
  assert.equal((await create('s3://b/m'))['version'], '4');
});

testRegistry('a logged model gives its files and run, and tells which versions were made of it', async (setting) => {
  const { send, create } = clientOf(setting);
  const run = await setting.start();
  const { experiment } = await setting.tracking
    .run('flights', run.id)
    .then(({ experimentSequence }) => ({ experiment: String(experimentSequence) }));
  const logged = await send('POST', '/api/2.0/mlflow/logged-models', { experiment_id: experiment, name: 'm', source_run_id: run.id });
  const id = String(logged['model']?.['info']?.['model_id']);
  const holder = { kind: 'logged-model', project: 'flights', model: id } as const;
  await setting.tracking.putFile({ holder, name: 'MLmodel' }, { digest: await setting.put(mlmodel) });
  await setting.tracking.putFile({ holder, name: 'model.onnx' }, { digest: await setting.put(smallModel()) });
  await send('PATCH', `/api/2.0/mlflow/logged-models/${id}`, { model_id: id, status: 'LOGGED_MODEL_READY' });
  await send('POST', `${models}/create`, { name: 'delay' });
  const made = await create(`models:/${id}`, { model_id: id });
  assert.deepEqual([made['source'], made['run_id'], made['model_id']], [`models:/${id}`, run.id, id]);
  await create(`models:/${id}`);
  const { tags } = await setting.tracking.loggedModel('flights', id);
  assert.deepEqual(JSON.parse(tags['mlflow.modelVersions'] ?? ''), [
    { name: 'delay', version: 1 },
    { name: 'delay', version: 2 },
  ]);
  assert.deepEqual(
    (await setting.registry.version('flights', 'delay', 2)).files.map(({ name }) => name),
    ['MLmodel', 'model.onnx'],
  );
});
