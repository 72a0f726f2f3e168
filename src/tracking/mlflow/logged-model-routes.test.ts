import assert from 'node:assert/strict';
import { type TrackingSetting, testTracking } from '../testing.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

const path = '/api/2.0/mlflow/logged-models';

async function open({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const experiment = (await api.call('POST', '/api/2.0/mlflow/experiments/create', { name: 'trees' })).body.experiment_id;
  const create = async (message: object = {}) => (await api.call('POST', path, { experiment_id: experiment, ...message })).body.model;
  const search = async (message: object) => (await api.call('POST', `${path}/search`, { experiment_ids: [experiment], ...message })).body;
  return { api, experiment, create, search };
}

const names = (body: MlflowMessage) => (body.models ?? []).map(({ info }: { info: { name: string } }) => info.name).join(' ');

testTracking('a model is announced, gets its files, becomes ready, and is found by its id', async (setting) => {
  const { api, experiment, create } = await open(setting);
  const model = await create({
    name: 'forest',
    model_type: 'classifier',
    source_run_id: 'a'.repeat(32),
    params: [{ key: 'trees', value: '100' }],
    tags: [{ key: 'team', value: 'delay' }],
  });
  const { model_id: id } = model.info;
  assert.match(id, /^m-[0-9a-f]{32}$/);
  assert.equal(model.info.status, 'LOGGED_MODEL_PENDING');
  assert.equal(model.info.artifact_uri, `mlflow-artifacts:/${experiment}/models/${id}/artifacts`);
  const proxy = '/api/2.0/mlflow-artifacts/artifacts';
  assert.equal((await api.raw('PUT', `${proxy}/${experiment}/models/${id}/artifacts/data/model.bin`, { body: 'weights' })).status, 200);
  assert.equal((await api.raw('PUT', `${proxy}/${experiment}/models/${id}/artifacts/MLmodel`, { body: 'flavors: {}' })).status, 200);
  for (const status of [2, 'LOGGED_MODEL_READY', 'READY']) {
    const ready = await api.call('PATCH', `${path}/${id}`, { model_id: id, status });
    assert.equal(ready.body.model.info.status, 'LOGGED_MODEL_READY');
  }
  const { body } = await api.call('GET', `${path}/${id}`);
  assert.deepEqual(body.model.data, { params: [{ key: 'trees', value: '100' }] });
  assert.deepEqual(body.model.info.tags, [{ key: 'team', value: 'delay' }]);
  assert.deepEqual([body.model.info.model_type, body.model.info.source_run_id], ['classifier', 'a'.repeat(32)]);
  const listed = await api.call('GET', `${path}/${id}/artifacts/directories`);
  assert.deepEqual(listed.body.files, [
    { path: 'MLmodel', is_dir: false, file_size: 11 },
    { path: 'data', is_dir: true },
  ]);
  const inside = await api.call('GET', `${path}/${id}/artifacts/directories?artifact_directory_path=data`);
  assert.equal(inside.body.files[0]?.path, 'data/model.bin');
  const file = await api.raw('GET', `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?artifact_file_path=data/model.bin`);
  assert.equal(file.body.toString(), 'weights');
  assert.equal((await api.call('GET', `${path}/${id}/artifacts/directories?artifact_directory_path=..`)).status, 400);
  assert.deepEqual(
    (await setting.tracking.loggedModelFiles('flights', id)).map(({ name }) => name),
    ['MLmodel', 'data/model.bin'],
  );
});

testTracking('parameters never change, tags do, and names follow the rules', async (setting) => {
  const { api, create } = await open(setting);
  const model = await create();
  const { model_id: id } = model.info;
  assert.match(model.info.name, /^[a-z]+-[a-z]+-\d{3}$/);
  const params = (value: string) => api.call('POST', `${path}/${id}/params`, { model_id: id, params: [{ key: 'depth', value }] });
  assert.deepEqual((await params('3')).body, {});
  assert.equal((await params('3')).status, 200);
  assert.equal((await params('4')).status, 400);
  const tag = (key: string, value: string) => api.call('PATCH', `${path}/${id}/tags`, { tags: [{ key, value }] });
  await tag('a/b c', '1');
  assert.deepEqual((await tag('a/b c', '2')).body.model.info.tags, [{ key: 'a/b c', value: '2' }]);
  assert.deepEqual((await api.call('DELETE', `${path}/${id}/tags/a%2Fb%20c`)).body, {});
  const missing = await api.call('DELETE', `${path}/${id}/tags/a%2Fb%20c`);
  assert.deepEqual([missing.status, missing.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
  assert.match(missing.body.message, /^No tag with key 'a\/b c'/);
  for (const name of ['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b", 'x'.repeat(251), 'a\nb']) {
    assert.equal((await api.call('POST', path, { experiment_id: '1', name })).status, 400, name);
  }
  assert.equal((await api.call('POST', path, { name: 'x' })).status, 400);
  assert.equal((await api.call('POST', path, { experiment_id: '77' })).status, 404);
  assert.equal((await api.call('PATCH', `${path}/${id}`, { status: 'LOGGED_MODEL_PENDING' })).status, 400);
});

testTracking('a deleted model is gone until it is restored, and no project sees that of another', async (setting) => {
  const { api, create, search } = await open(setting);
  const { model_id: id } = (await create({ name: 'forest' })).info;
  const other = testMlflow(setting.tracking.mlflow, { project: 'other' });
  const gone = async (from: typeof api) => {
    const { status, body } = await from.call('GET', `${path}/${id}`);
    assert.deepEqual([status, body.error_code, body.message], [404, 'RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${id}' not found.`]);
  };
  await gone(other);
  for (const [method, address] of [
    ['DELETE', `${path}/${id}`],
    ['PATCH', `${path}/${id}`],
  ] as const)
    assert.equal((await other.call(method, address, { model_id: id, status: 2 })).status, 404);
  assert.deepEqual((await api.call('DELETE', `${path}/${id}`)).body, {});
  await gone(api);
  assert.equal((await api.call('DELETE', `${path}/${id}`)).status, 404);
  assert.equal((await api.call('PUT', `/api/2.0/mlflow-artifacts/artifacts/1/models/${id}/artifacts/x`, {})).status, 404);
  assert.equal((await api.call('GET', `${path}/${id}?allow_deleted=true`)).body.model.info.name, 'forest');
  assert.deepEqual(await search({}), {});
  await setting.tracking.restoreLoggedModel({ actor: { kind: 'person', id: 'ada', name: 'Ada' } }, 'flights', id);
  assert.equal(names(await search({})), 'forest');
});

testTracking('models are searched by all that is known of them, and ordered by metrics on a dataset', async (setting) => {
  const { api, create, search, experiment } = await open(setting);
  const { body } = await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: experiment });
  const { run_id: run } = body.run.info;
  const ids: Record<string, string> = {};
  for (const [name, trees, accuracy, test] of [
    ['oak', '10', 0.7, 0.9],
    ['elm', '20', 0.8, 0.6],
    ['ash', '30', undefined, undefined],
  ] as const) {
    const { model_id: id } = (await create({ name, params: [{ key: 'trees', value: trees }], tags: [{ key: 'kind', value: 'tree' }] }))
      .info;
    ids[name] = id;
    setting.clock.advance(1000);
    if (accuracy === undefined) continue;
    const log = (value: number, dataset: object) =>
      api.call('POST', '/api/2.0/mlflow/runs/log-metric', { run_id: run, key: 'accuracy', value, timestamp: 1, model_id: id, ...dataset });
    await log(accuracy, { dataset_name: 'train', dataset_digest: 'd1' });
    await log(test, { dataset_name: 'test', dataset_digest: 'd2' });
  }
  await api.call('PATCH', `${path}/${ids['oak']}`, { status: 2 });
  const filters: Readonly<Record<string, string>> = {
    '': 'ash elm oak',
    "name = 'oak'": 'oak',
    "name LIKE '%a%'": 'ash oak',
    "status = 'READY'": 'oak',
    "status != 'READY'": 'ash elm',
    "params.trees = '20'": 'elm',
    "tags.kind = 'tree' AND params.trees != '10'": 'ash elm',
    'metrics.accuracy > 0.85': 'oak',
    'metrics.accuracy < 0.75': 'elm oak',
    'creation_time >= 1767225601000': 'ash elm',
    [`model_id IN ('${ids['ash']}')`]: 'ash',
    "source_run_id = 'x'": '',
  };
  for (const [filter, expected] of Object.entries(filters)) assert.equal(names(await search({ filter })), expected, filter);
  const test = { dataset_name: 'test' };
  assert.equal(names(await search({ filter: 'metrics.accuracy > 0.75', datasets: [test] })), 'oak');
  assert.equal(names(await search({ datasets: [{ dataset_name: 'train', dataset_digest: 'd1' }] })), 'elm oak');
  assert.equal(names(await search({ datasets: [{ dataset_name: 'train', dataset_digest: 'd2' }] })), '');
  const byAccuracy = (dataset: object, ascending = true) =>
    search({ order_by: [{ field_name: 'metrics.accuracy', ascending, ...dataset }] });
  assert.equal(names(await byAccuracy(test)), 'elm oak ash');
  assert.equal(names(await byAccuracy(test, false)), 'oak elm ash');
  assert.equal(names(await byAccuracy({ dataset_name: 'train', dataset_digest: 'd1' }, false)), 'elm oak ash');
  assert.equal(names(await search({ order_by: [{ field_name: 'name' }] })), 'ash elm oak');
  const found = (await search({ filter: "name = 'oak'" })).models[0]?.data.metrics[0];
  assert.deepEqual([found?.key, found?.run_id, found?.model_id], ['accuracy', run, ids['oak']]);
  assert.equal(names((await api.call('POST', `${path}/search`, { experiment_ids: ['0', '99'] })).body), '');
  for (const wrong of [
    { filter: 'colour = 1' },
    { filter: "name = 'x'; drop table runs" },
    { order_by: [{ field_name: 'colour' }] },
    { order_by: [{ field_name: 'params.trees' }] },
    { order_by: [{ field_name: 'metrics.a', dataset_digest: 'd' }] },
    { datasets: [{ dataset_digest: 'd1' }] },
    { max_results: -1 },
    { experiment_ids: ['x'] },
    { page_token: 'bm9uc2Vuc2U=' },
  ]) {
    const { status } = await api.call('POST', `${path}/search`, { experiment_ids: [experiment], ...wrong });
    assert.equal(status, 400, JSON.stringify(wrong));
  }
});

testTracking('pages of a search follow each other, and a token fits its own search only', async (setting) => {
  const { api, create, search, experiment } = await open(setting);
  for (let index = 0; index < 5; index++) await create({ name: `model ${index}` });
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const page = await search({ max_results: 2, page_token: token });
    seen.push(...page.models.map(({ info }: { info: { name: string } }) => info.name));
    token = page.next_page_token;
  } while (token !== undefined);
  assert.equal(new Set(seen).size, 5);
  const { next_page_token: first } = await search({ max_results: 2 });
  const other = await api.call('POST', `${path}/search`, { experiment_ids: [experiment], page_token: first, filter: "name = 'x'" });
  assert.equal(other.status, 400);
});
