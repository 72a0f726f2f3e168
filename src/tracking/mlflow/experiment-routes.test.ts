import assert from 'node:assert/strict';
import { testTracking } from '../testing.ts';
import { testMlflow } from './testing.ts';

const base = '/api/2.0/mlflow/experiments';

testTracking('a fresh project has the experiment "0", and later ones count from 1', async ({ tracking }) => {
  const api = testMlflow(tracking.mlflow);
  assert.equal((await api.call('POST', `${base}/create`, { name: 'Default' })).body.error_code, 'RESOURCE_ALREADY_EXISTS');
  const { body } = await api.call('GET', `${base}/get?experiment_id=0`);
  const { creation_time: created, last_update_time: updated, ...rest } = body.experiment ?? {};
  assert.deepEqual(rest, { experiment_id: '0', name: 'Default', artifact_location: 'mlflow-artifacts:/0', lifecycle_stage: 'active' });
  assert.equal(created, updated);
  assert.deepEqual(await api.call('POST', `${base}/create`, { name: 'a' }), { status: 200, body: { experiment_id: '1' } });
  const request = { name: 'b', artifact_location: 's3://bucket/x', tags: [{ key: 'team', value: 'delay' }] };
  assert.deepEqual((await api.call('POST', `${base}/create`, request)).body, { experiment_id: '2' });
  const byName = (await api.call('GET', `${base}/get-by-name?experiment_name=b`)).body.experiment;
  assert.deepEqual([byName?.artifact_location, byName?.tags], ['s3://bucket/x', [{ key: 'team', value: 'delay' }]]);
});

testTracking('what clients compare is said in the words of MLflow', async ({ tracking }) => {
  const api = testMlflow(tracking.mlflow);
  const refused = async (method: string, path: string, message?: object) => {
    const { status, body } = await api.call(method, `${base}/${path}`, message);
    return [status, body.error_code, body.message];
  };
  await api.call('POST', `${base}/create`, { name: 'a' });
  assert.deepEqual(await refused('GET', 'get-by-name?experiment_name=none'), [
    404,
    'RESOURCE_DOES_NOT_EXIST',
    "Could not find experiment with name 'none'",
  ]);
  assert.deepEqual(await refused('GET', 'get?experiment_id=99'), [404, 'RESOURCE_DOES_NOT_EXIST', 'No Experiment with id=99 exists']);
  assert.deepEqual((await refused('GET', 'get?experiment_id=x')).slice(0, 2), [400, 'INVALID_PARAMETER_VALUE']);
  assert.match((await refused('POST', 'create', { name: '' }))[2] ?? '', /^Missing value for required parameter 'name'\./);
  assert.deepEqual(await refused('POST', 'create', { name: 'a' }), [400, 'RESOURCE_ALREADY_EXISTS', 'Experiment(name=a) already exists.']);
  await api.call('POST', `${base}/delete`, { experiment_id: '1' });
  const again = await refused('POST', 'create', { name: 'a' });
  assert.deepEqual(again.slice(0, 2), [400, 'RESOURCE_ALREADY_EXISTS']);
  assert.match(again[2] ?? '', /deleted state.*restore/i);
  const deleted = "The experiment 1 must be in the 'active' state. Current state is deleted.";
  assert.deepEqual((await refused('POST', 'set-experiment-tag', { experiment_id: '1', key: 'k', value: 'v' }))[2], deleted);
  assert.deepEqual((await refused('POST', 'update', { experiment_id: '1', new_name: 'v' })).slice(0, 2), [400, 'INVALID_PARAMETER_VALUE']);
  const create = await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '1' });
  assert.deepEqual([create.status, create.body.message], [400, deleted]);
  assert.deepEqual((await refused('POST', 'delete', { experiment_id: '1' }))[0], 404);
});

testTracking('an experiment is renamed, tagged, deleted with its runs and restored', async ({ tracking }) => {
  const api = testMlflow(tracking.mlflow);
  const call = (path: string, message: object) => api.call('POST', `${base}/${path}`, { experiment_id: '1', ...message });
  const get = async () => (await api.call('GET', `${base}/get?experiment_id=1`)).body.experiment;
  await call('create', { name: 'a' });
  const runId = (await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '1' })).body.run?.info?.run_id;
  assert.deepEqual((await call('update', { new_name: 'b' })).body, {});
  await call('set-experiment-tag', { key: 'mlflow.note.content', value: '# Note' });
  assert.deepEqual([(await get())?.name, (await get())?.tags], ['b', [{ key: 'mlflow.note.content', value: '# Note' }]]);
  await call('delete-experiment-tag', { key: 'mlflow.note.content' });
  assert.equal((await get())?.tags, undefined);
  assert.equal((await call('delete-experiment-tag', { key: 'mlflow.note.content' })).status, 404);
  const stage = async () => (await api.call('GET', `/api/2.0/mlflow/runs/get?run_id=${runId}`)).body.run?.info?.lifecycle_stage;
  await call('delete', {});
  assert.deepEqual([(await get())?.lifecycle_stage, await stage()], ['deleted', 'deleted']);
  await call('restore', {});
  assert.deepEqual([(await get())?.lifecycle_stage, await stage()], ['active', 'active']);
});
