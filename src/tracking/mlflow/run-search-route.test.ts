import assert from 'node:assert/strict';
import { context, testTracking, type TrackingSetting } from '../testing.ts';
import { runSearchRoutes } from './run-search-route.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

function clientOf({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const search = async (message: object) =>
    (await api.call('POST', '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'], ...message })).body;
  const names = async (message: object) => ((await search(message)).runs ?? []).map((run: MlflowMessage) => run.info?.run_name);
  const start = async (name: string, message: object = {}) => {
    const request = { experiment_id: '0', run_name: name, ...message };
    return (await api.call('POST', '/api/2.0/mlflow/runs/create', request)).body.run?.info?.run_id ?? '';
  };
  return { api, search, names, start };
}

testTracking('runs are found by filter, in order, with their view', async (setting) => {
  const { names, start, search, api } = clientOf(setting);
  const ids = [await start('a', { start_time: 1 }), await start('b', { start_time: 2 }), await start('c', { start_time: 3 })];
  for (const [index, id] of ids.entries()) {
    await setting.tracking.log(id, { metrics: [{ name: 'loss', value: 3 - index }], parameters: { depth: index } });
  }
  await start('child', { start_time: 4, tags: [{ key: 'mlflow.parentRunId', value: ids[0] }] });
  assert.deepEqual(await names({}), ['child', 'c', 'b', 'a']);
  assert.deepEqual(await names({ filter: 'metrics.loss < 3', order_by: ['metrics.loss ASC'] }), ['c', 'b']);
  assert.deepEqual(await names({ filter: "params.depth = '1'" }), ['b']);
  assert.deepEqual(await names({ filter: `tags.\`mlflow.parentRunId\` = '${ids[0]}'` }), ['child']);
  assert.deepEqual(await names({ filter: "tags.mlflow.runName = 'b'" }), ['b']);
  assert.deepEqual(await names({ filter: "attributes.status = 'FINISHED'" }), []);
  await setting.tracking.deleteRun(context, ids[1] ?? '');
  assert.deepEqual(await names({ run_view_type: 'DELETED_ONLY' }), ['b']);
  assert.deepEqual(await names({ run_view_type: 3, order_by: ['start_time'] }), ['a', 'b', 'c', 'child']);
  assert.deepEqual(await search({ experiment_ids: [] }), {});
  assert.deepEqual(await search({ experiment_ids: ['77'] }), {});
  const whole = await api.call('GET', `/api/2.0/mlflow/runs/get?run_id=${ids[2]}`);
  assert.deepEqual((await search({ filter: `run_id = '${ids[2]}'` })).runs?.[0], whole.body.run);
});

testTracking('pages follow each other, also the large ones that come in pieces', async ({ tracking }) => {
  for (let index = 0; index < 45; index++)
    await tracking.startRun(context, { project: 'flights', experiment: { sequence: 0 }, name: `r${index}`, startedAt: index });
  const api = testMlflow(runSearchRoutes(tracking, 10));
  const search = async (message: object) =>
    (await api.call('POST', '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'], ...message })).body;
  const seen: unknown[] = [];
  const sizes: number[] = [];
  let token: string | undefined;
  do {
    const body = await search({ max_results: 22, ...(token === undefined ? {} : { page_token: token }) });
    sizes.push(body.runs.length);
    seen.push(...body.runs.map((run: MlflowMessage) => run.info.run_name));
    token = body.next_page_token;
  } while (token !== undefined);
  assert.deepEqual(sizes, [22, 22, 1]);
  assert.deepEqual(
    seen,
    Array.from({ length: 45 }, (_, index) => `r${44 - index}`),
  );
  assert.equal((await search({ max_results: 50_000 })).runs.length, 45);
  assert.equal((await search({ max_results: 30 })).runs.length, 30);
});

testTracking('a size, a filter, an order, an id or a token that is wrong is a 400', async (setting) => {
  const { api } = clientOf(setting);
  const wrong = [
    { max_results: 50_001 },
    { max_results: 0 },
    { filter: 'metrics.loss ~ 3' },
    { filter: "'; drop table runs; --" },
    { order_by: ['metrics.loss UP'] },
    { order_by: ['metrics.a', 'metrics.a DESC'] },
    { experiment_ids: ['x'] },
    { page_token: 'abc' },
  ];
  for (const message of wrong) {
    const reply = await api.call('POST', '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'], ...message });
    assert.deepEqual([reply.status, reply.body.error_code], [400, 'INVALID_PARAMETER_VALUE'], JSON.stringify(message));
  }
});
