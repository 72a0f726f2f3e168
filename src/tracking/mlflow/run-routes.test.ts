import assert from 'node:assert/strict';
import { context, testTracking, type TrackingSetting } from '../testing.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

const base = '/api/2.0/mlflow/runs';

function clientOf({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const post = (path: string, message: object) => api.call('POST', `${base}/${path}`, message);
  const get = async (id: string | undefined) => (await api.call('GET', `${base}/get?run_uuid=${id}&run_id=${id}`)).body.run;
  const start = async (message: object = {}) => (await post('create', { experiment_id: '0', ...message })).body.run;
  return { api, post, get, start };
}

testTracking('a run is answered whole when it starts and when it is asked for', async (setting) => {
  const { start, get } = clientOf(setting);
  const tags = [
    { key: 'mlflow.user', value: 'ada' },
    { key: 'mlflow.source.git.commit', value: 'abc' },
    { key: 'mlflow.parentRunId', value: 'p' },
    { key: 'mlflow.source.name', value: 'train.py' },
  ];
  const run = await start({ user_id: 'ada', start_time: '1700000000000', run_name: 'first', tags });
  const id = run?.info?.run_id;
  assert.match(id ?? '', /^[0-9a-f]{32}$/);
  assert.deepEqual(run?.info, {
    run_id: id,
    run_uuid: id,
    run_name: 'first',
    experiment_id: '0',
    user_id: 'ada',
    status: 'RUNNING',
    start_time: 1_700_000_000_000,
    artifact_uri: `mlflow-artifacts:/0/${id}/artifacts`,
    lifecycle_stage: 'active',
  });
  assert.deepEqual(
    run?.data?.tags,
    [...tags, { key: 'mlflow.runName', value: 'first' }].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  );
  assert.deepEqual(await get(id), run);
  const kept = await setting.tracking.run('flights', id ?? '');
  assert.deepEqual([kept.parentRun, kept.commit, kept.user], ['p', 'abc', 'ada']);
  assert.deepEqual(Object.keys(kept.tags).toSorted(), ['mlflow.source.name', 'mlflow.user']);
});

testTracking('a run without a name gets one that people can say, and two names that differ are refused', async (setting) => {
  const { start, post } = clientOf(setting);
  assert.match((await start())?.info?.run_name ?? '', /^[a-z]+-[a-z]+-\d{3}$/);
  assert.equal((await start({ tags: [{ key: 'mlflow.runName', value: 'tagged' }] }))?.info?.run_name, 'tagged');
  const both = await post('create', { experiment_id: '0', run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] });
  assert.equal(both.status, 400);
  assert.match(both.body.message, /run_name='a', mlflow.runName='b'/);
  assert.equal((await post('create', { experiment_id: '7' })).status, 404);
});

testTracking('any text names a run, on one line and not too long; a blank one names nothing', async (setting) => {
  const { start, post } = clientOf(setting);
  assert.equal((await start({ run_name: 'first\nline', user_id: 'a\tb' }))?.info?.run_name, 'first line');
  assert.match((await start({ run_name: '  ' }))?.info?.run_name, /^[a-z]+-[a-z]+-\d{3}$/);
  const { run_id: id, user_id: user } = (await start({ run_name: 'x'.repeat(300), user_id: 'u'.repeat(300) })).info;
  assert.equal(user.length, 250);
  const named = async (name: string) => (await post('update', { run_id: id, run_name: name })).body.run_info.run_name;
  assert.equal((await named('')).length, 250);
  assert.equal(await named('größe 実験\u0000!'.replace('\u0000', '\u0001')), 'größe 実験 !');
  await post('set-tag', { run_id: id, key: 'mlflow.runName', value: ' ' });
  assert.equal(await named(''), 'größe 実験 !');
});

testTracking('name and tag go together, both ways', async (setting) => {
  const { start, post, get } = clientOf(setting);
  const id = (await start({ run_name: 'first' }))?.info?.run_id;
  const shown = async () => {
    const run = await get(id);
    return [run?.info?.run_name, run?.data?.tags?.find((tag: MlflowMessage) => tag.key === 'mlflow.runName')?.value];
  };
  assert.equal((await post('update', { run_id: id, run_name: 'second' })).body.run_info?.run_name, 'second');
  assert.deepEqual(await shown(), ['second', 'second']);
  await post('set-tag', { run_uuid: id, key: 'mlflow.runName', value: 'third' });
  assert.deepEqual(await shown(), ['third', 'third']);
  await post('log-batch', { run_id: id, tags: [{ key: 'mlflow.runName', value: 'fourth' }] });
  assert.deepEqual(await shown(), ['fourth', 'fourth']);
  await setting.tracking.renameRun(context, id ?? '', 'fifth');
  assert.deepEqual(await shown(), ['fifth', 'fifth']);
});

testTracking('a client sets any status, and goes on with a run that had ended', async (setting) => {
  const { start, post } = clientOf(setting);
  const id = (await start({ start_time: 1000 }))?.info?.run_id;
  const update = async (message: object) => {
    const info = (await post('update', { run_id: id, ...message })).body.run_info;
    return [info?.status, info?.end_time];
  };
  assert.deepEqual(await update({ status: 'FINISHED', end_time: 5000 }), ['FINISHED', 5000]);
  assert.deepEqual(await update({ status: 4, end_time: '6000' }), ['FAILED', 6000]);
  assert.deepEqual(await update({ status: 'RUNNING' }), ['RUNNING', undefined]);
  assert.deepEqual(await update({ status: 'SCHEDULED' }), ['SCHEDULED', undefined]);
  assert.deepEqual(await update({ status: 'KILLED', end_time: 7000 }), ['KILLED', 7000]);
  assert.deepEqual(await update({ status: 'NO_SUCH_STATUS' }), ['KILLED', 7000]);
});

testTracking('a deleted run takes nothing and says so as MLflow does; restored, it goes on', async (setting) => {
  const { start, post, get, api } = clientOf(setting);
  const id = (await start())?.info?.run_id;
  await post('delete', { run_id: id });
  assert.equal((await get(id))?.info?.lifecycle_stage, 'deleted');
  const message = `The run ${id} must be in the 'active' state. Current state is deleted.`;
  const writes: [string, object][] = [
    ['log-metric', { key: 'a', value: 1, timestamp: 1 }],
    ['log-parameter', { key: 'a', value: '1' }],
    ['log-batch', { params: [{ key: 'a', value: '1' }] }],
    ['set-tag', { key: 'a', value: '1' }],
    ['set-tag', { key: 'mlflow.runName', value: '1' }],
    ['delete-tag', { key: 'a' }],
    ['update', { status: 'FINISHED' }],
    ['log-inputs', { models: [{ model_id: 'm' }] }],
    ['outputs', { models: [{ model_id: 'm' }] }],
  ];
  for (const [path, body] of writes) {
    const reply = await post(path, { run_id: id, ...body });
    assert.deepEqual([reply.status, reply.body.error_code, reply.body.message], [400, 'INVALID_PARAMETER_VALUE', message], path);
  }
  await post('restore', { run_id: id });
  assert.equal((await post('set-tag', { run_id: id, key: 'a', value: '1' })).status, 200);
  const missing = await api.call('GET', `${base}/get?run_id=none`);
  assert.deepEqual(
    [missing.status, missing.body.error_code, missing.body.message],
    [404, 'RESOURCE_DOES_NOT_EXIST', 'Run with id=none not found'],
  );
  assert.equal((await post('log-metric', { run_id: 'none', key: 'a', value: 1, timestamp: 1 })).status, 404);
});

testTracking('a run of another project is not there', async (setting) => {
  const { start } = clientOf(setting);
  const id = (await start())?.info?.run_id;
  const other = testMlflow(setting.tracking.mlflow, { project: 'other' });
  assert.equal((await other.call('GET', `${base}/get?run_id=${id}`)).status, 404);
  const writes: [string, object][] = [
    ['log-metric', { key: 'a', value: 1, timestamp: 1 }],
    ['log-batch', { tags: [{ key: 'mlflow.runName', value: 'x' }] }],
    ['update', { run_name: 'x' }],
    ['delete', {}],
    ['log-model', { model_json: '{"artifact_path":"m","flavors":{},"utc_time_created":"","run_id":""}' }],
  ];
  for (const [path, body] of writes) assert.equal((await other.call('POST', `${base}/${path}`, { run_id: id, ...body })).status, 404, path);
});

testTracking('tags are set, overwritten and taken away; one that is not there is a 404', async (setting) => {
  const { start, post, get } = clientOf(setting);
  const id = (await start({ tags: [{ key: 'mlflow.parentRunId', value: 'p' }] }))?.info?.run_id;
  await post('set-tag', { run_id: id, key: 'a', value: '1' });
  await post('set-tag', { run_id: id, key: 'a' });
  const tag = async (key: string) => (await get(id))?.data?.tags?.find((each: MlflowMessage) => each.key === key)?.value;
  assert.equal(await tag('a'), '');
  assert.equal((await post('delete-tag', { run_id: id, key: 'a' })).status, 200);
  const gone = await post('delete-tag', { run_id: id, key: 'a' });
  assert.deepEqual([gone.status, gone.body.message], [404, `No tag with name: a in run with id ${id}`]);
  assert.equal(await tag('mlflow.parentRunId'), 'p');
  await post('delete-tag', { run_id: id, key: 'mlflow.parentRunId' });
  assert.equal(await tag('mlflow.parentRunId'), undefined);
});
