import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testTracking, type TrackingSetting } from '../testing.ts';
import { metricRoutes } from './metric-routes.ts';
import { spreadSteps } from './sample-history.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

const base = '/api/2.0/mlflow/metrics';

async function openRuns({ tracking }: TrackingSetting, count = 1) {
  const api = testMlflow(tracking.mlflow);
  const runs: string[] = [];
  for (let index = 0; index < count; index++) {
    runs.push((await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' })).body.run?.info?.run_id ?? '');
  }
  const log = (run: string, points: readonly (readonly [step: number, time: number, value: number])[]) =>
    tracking.log(run, { metrics: points.map(([step, time, value]) => ({ name: 'loss', step, time, value })) });
  const get = (path: string) => api.call('GET', `${base}/${path}`);
  return { api, runs, log, get, run: runs[0] ?? '' };
}

const ramp = (count: number) => Array.from({ length: count }, (_, step) => [step, 1000 + step, step / 2] as const);
const stepsOf = (body: MlflowMessage): number[] => (body.metrics ?? []).map((point: MlflowMessage) => point.step);

testTracking('a history comes whole when no page is asked for, else page by page', async (setting) => {
  const { run, log, get } = await openRuns(setting);
  await log(run, ramp(25));
  const address = `get-history?run_id=${run}&metric_key=loss`;
  assert.equal((await get(address)).body.metrics?.length, 25);
  assert.deepEqual((await get(address)).body.metrics?.[3], { key: 'loss', value: 1.5, timestamp: 1003, step: 3 });
  const steps: number[] = [];
  let token = '';
  for (let pages = 0; pages < 3; pages++) {
    const { body } = await get(`${address}&max_results=10&page_token=${token}`);
    steps.push(...stepsOf(body));
    token = body.next_page_token ?? '';
  }
  assert.equal(token, '');
  assert.deepEqual(
    steps,
    Array.from({ length: 25 }, (_, step) => step),
  );
  assert.equal((await get(`${address}&max_results=25`)).body.next_page_token, undefined);
  assert.deepEqual(await get(`get-history?run_id=${run}&metric_key=none`), { status: 200, body: {} });
});

testTracking('a history is in the order of time, as MLflow has it', async (setting) => {
  const { run, log, get } = await openRuns(setting);
  await log(run, [
    [0, 30, 1],
    [5, 10, 2],
    [1, 20, Number.NaN],
    [1, 20, 4],
  ]);
  const { body } = await get(`get-history?run_id=${run}&metric_key=loss`);
  assert.deepEqual(
    body.metrics?.map((point: MlflowMessage) => point.timestamp),
    [10, 20, 20, 30],
  );
});

testTracking('bad tokens and sizes are refused, a run that is not there is a 404', async (setting) => {
  const { run, log, get } = await openRuns(setting);
  await log(run, ramp(3));
  const address = `get-history?run_id=${run}&metric_key=loss`;
  for (const token of [
    '%25',
    'abc',
    Buffer.from('{"offset":1}').toString('base64'),
    Buffer.from('["other",0,0,1]').toString('base64url'),
  ]) {
    const reply = await get(`${address}&page_token=${token}`);
    assert.deepEqual([reply.status, reply.body.error_code], [400, 'INVALID_PARAMETER_VALUE'], token);
  }
  assert.equal((await get(`${address}&max_results=0`)).status, 400);
  assert.equal((await get('get-history?run_id=none&metric_key=loss')).status, 404);
  assert.match((await get(`get-history?run_id=${run}`)).body.message, /Missing value for required parameter 'metric_key'/);
});

testTracking('a long history is streamed, every point once', async (setting) => {
  const { run, log } = await openRuns(setting);
  await log(run, ramp(57));
  const api = testMlflow(metricRoutes(setting.tracking, 10));
  const { body } = await api.call('GET', `${base}/get-history?run_id=${run}&metric_key=loss`);
  assert.deepEqual(
    stepsOf(body),
    Array.from({ length: 57 }, (_, step) => step),
  );
  const sampled = await api.call('GET', `${base}/get-history-bulk-interval?run_ids=${run}&metric_key=loss&max_results=4`);
  assert.deepEqual(stepsOf(sampled.body), [0, 14, 28, 42, 56]);
});

testTracking('bulk histories come run by run and always have the list', async (setting) => {
  const { runs, log, api } = await openRuns(setting, 2);
  const [first = '', second = ''] = runs;
  await log(first, ramp(3));
  await log(second, ramp(2));
  const address = `/ajax-api/2.0/mlflow/metrics/get-history-bulk`;
  const { body } = await api.call('GET', `${address}?run_id=${second}&run_id=${first}&metric_key=loss`);
  assert.deepEqual(
    body.metrics?.map((point: MlflowMessage) => [point.run_id, point.step]),
    [
      [first, 0],
      [first, 1],
      [first, 2],
      [second, 0],
      [second, 1],
    ],
  );
  assert.equal(
    (await api.call('GET', `${address}?run_id=${second}&run_id=${first}&metric_key=loss&max_results=4`)).body.metrics?.length,
    4,
  );
  assert.deepEqual((await api.call('GET', `${address}?run_id=${first}&metric_key=none`)).body, { metrics: [] });
  assert.match((await api.call('GET', address)).body.message, /must specify at least one run_id/);
  const many = Array.from({ length: 101 }, (_, index) => `run_id=${index}`).join('&');
  assert.match((await api.call('GET', `${address}?${many}&metric_key=loss`)).body.message, /cannot specify more than 100 run_ids/);
});

test('steps are spread evenly, with the last one', () => {
  const ten = Array.from({ length: 10 }, (_, step) => step);
  assert.deepEqual([...spreadSteps(ten, 5)], [0, 2, 4, 6, 8, 9]);
  assert.deepEqual([...spreadSteps(ten, 10)], ten);
  assert.deepEqual([...spreadSteps(ten, 1)], [0, 9]);
});

testTracking('an interval is sampled by step, with the ends of every run', async (setting) => {
  const { runs, log, get } = await openRuns(setting, 2);
  const [first = '', second = ''] = runs;
  await log(first, ramp(10));
  await log(second, [
    [3, 1, 1],
    [3, 2, 2],
    [7, 1, 1],
  ]);
  const interval = async (query: string) => get(`get-history-bulk-interval?run_ids=${first}&metric_key=loss${query}`);
  assert.deepEqual(stepsOf((await interval('&max_results=5')).body), [0, 2, 4, 6, 8, 9]);
  assert.deepEqual(stepsOf((await interval('&max_results=2&start_step=2&end_step=6')).body), [2, 4, 6]);
  assert.equal((await interval('')).body.metrics?.length, 10);
  const both = (await interval(`&run_ids=${second}&max_results=1`)).body.metrics ?? [];
  assert.deepEqual(
    both.map((point: MlflowMessage) => [point.run_id, point.step]),
    [
      [first, 0],
      [first, 9],
      [second, 3],
      [second, 3],
      [second, 7],
    ],
  );
  const refusals: [string, RegExp][] = [
    ['&start_step=1', /both must be specified/],
    ['&start_step=3&end_step=2', /end_step must be greater than start_step\. /],
    ['&max_results=0', /max_results must be between 1 and 2500/],
    ['&max_results=2501', /max_results must be between 1 and 2500/],
    [Array.from({ length: 100 }, (_, index) => `&run_ids=${index}`).join(''), /must specify at most 100 run_ids\./],
  ];
  for (const [query, expected] of refusals) {
    const reply = await interval(query);
    assert.equal(reply.status, 400, query);
    assert.match(reply.body.message, expected);
  }
});
