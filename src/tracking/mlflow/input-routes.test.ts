import assert from 'node:assert/strict';
import { testTracking, type TrackingSetting } from '../testing.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

async function openRun({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const id = (await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' })).body.run?.info?.run_id ?? '';
  const post = (path: string, message: object) => api.call('POST', `/api/2.0/mlflow/runs/${path}`, { run_id: id, ...message });
  const run = async () => (await api.call('GET', `/api/2.0/mlflow/runs/get?run_id=${id}`)).body.run;
  return { api, id, post, run };
}

const dataset = {
  name: 'iris',
  digest: 'd1',
  source_type: 'local',
  source: '{"uri":"iris.csv"}',
  schema: '{"a":1}',
  profile: '{"rows":150}',
};

testTracking('a dataset is answered as it was logged, and logging it again adds nothing', async (setting) => {
  const { post, run } = await openRun(setting);
  const tags = [
    { key: 'mlflow.data.context', value: 'training' },
    { key: 'split', value: 'a' },
  ];
  assert.deepEqual(await post('log-inputs', { datasets: [{ tags, dataset }], models: [{ model_id: 'm-1' }] }), { status: 200, body: {} });
  await post('log-inputs', { datasets: [{ tags: [], dataset: { ...dataset, source: 'other' } }], models: [{ model_id: 'm-1' }] });
  await post('outputs', { models: [{ model_id: 'm-2', step: '4' }] });
  await post('outputs', { models: [{ model_id: 'm-2', step: 4 }] });
  const { inputs, outputs } = (await run()) ?? {};
  assert.deepEqual(inputs, { dataset_inputs: [{ tags, dataset }], model_inputs: [{ model_id: 'm-1' }] });
  assert.deepEqual(outputs, { model_outputs: [{ model_id: 'm-2', step: 4 }] });
});

testTracking('a dataset that is too large or lacks something is refused', async (setting) => {
  const { post } = await openRun(setting);
  const refused = async (change: object) => (await post('log-inputs', { datasets: [{ dataset: { ...dataset, ...change } }] })).body.message;
  assert.equal(await refused({ name: 'n'.repeat(501) }), "'name' exceeds the maximum length of 500 characters");
  assert.equal(await refused({ digest: 'n'.repeat(37) }), "'digest' exceeds the maximum length of 36 characters");
  assert.equal(await refused({ schema: 'n'.repeat(1_048_576) }), "'schema' exceeds the maximum length of 1048575 characters");
  assert.equal(await refused({ source: null }), 'Dataset source cannot be None');
  assert.equal((await post('log-inputs', { datasets: [{}] })).status, 400);
  assert.equal(
    (await post('log-inputs', { datasets: [{ dataset: { ...dataset, schema: '"'.repeat(1_048_575), profile: '"'.repeat(4_000_000) } }] }))
      .status,
    200,
  );
});

testTracking('a snapshot of Ripen is an input with its own source', async (setting) => {
  const { id, run } = await openRun(setting);
  await setting.tracking.addInputs(id, [{ dataset: 'flights', snapshot: 4, digest: 'sha256:x' }]);
  const input = (await run())?.inputs?.dataset_inputs?.[0]?.dataset;
  assert.deepEqual(input, { name: 'flights', digest: 'sha256:x', source_type: 'ripen', source: '{"dataset":"flights","snapshot":4}' });
});

testTracking('models of old clients are noted in a tag, each once', async (setting) => {
  const { post, run } = await openRun(setting);
  const model = (path: string) =>
    JSON.stringify({
      artifact_path: path,
      run_id: 'r',
      utc_time_created: 't',
      model_uuid: 'u',
      flavors: { python: { config: { a: 1 }, v: 2 } },
      signature: {},
    });
  for (const path of ['a', 'b', 'a']) assert.equal((await post('log-model', { model_json: model(path) })).status, 200);
  const value = (await run())?.data?.tags?.find((tag: MlflowMessage) => tag.key === 'mlflow.log-model.history')?.value ?? '';
  const note = (path: string) => ({
    run_id: 'r',
    artifact_path: path,
    utc_time_created: 't',
    model_uuid: 'u',
    flavors: { python: { v: 2 } },
  });
  assert.deepEqual(JSON.parse(value), [note('a'), note('b')]);
  assert.match((await post('log-model', { model_json: '{' })).body.message, /^Malformed model info\./);
  assert.equal(
    (await post('log-model', { model_json: '{"run_id":"r","flavors":{}}' })).body.message,
    "Model json is missing mandatory fields: {'artifact_path', 'utc_time_created'}",
  );
});

testTracking('datasets of experiments are found, each use once', async (setting) => {
  const { api, post } = await openRun(setting);
  await post('log-inputs', { datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'training' }] }] });
  const search = (ids: readonly string[]) => api.call('POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', { experiment_ids: ids });
  assert.deepEqual((await search(['0'])).body, {
    dataset_summaries: [{ experiment_id: '0', name: 'iris', digest: 'd1', context: 'training' }],
  });
  assert.deepEqual((await search(['9'])).body, {});
  assert.equal((await search([])).body.message, 'SearchDatasets request must specify at least one experiment_id.');
  assert.match((await search(Array.from({ length: 21 }, () => '0'))).body.message, /cannot specify more than 20 experiment_ids\./);
});
