import assert from 'node:assert/strict';
import { testTracking, type TrackingSetting } from '../testing.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

async function openRun({ tracking }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const id = (await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' })).body.run?.info?.run_id ?? '';
  const post = (path: string, message: object) => api.call('POST', `/api/2.0/mlflow/runs/${path}`, { run_id: id, ...message });
  const refused = async (path: string, message: object) => {
    const { status, body } = await post(path, message);
    assert.deepEqual([status, body.error_code], [400, 'INVALID_PARAMETER_VALUE'], body.message);
    return body.message;
  };
  const data = async () => (await api.call('GET', `/api/2.0/mlflow/runs/get?run_id=${id}`)).body.run?.data;
  return { api, id, post, refused, data };
}

testTracking('metrics take every number that JSON and protobuf know', async (setting) => {
  const { post, data } = await openRun(setting);
  const values: [string, unknown, unknown][] = [
    ['whole', 3, 3],
    ['text', '0.25', 0.25],
    ['nan', 'NaN', 'NaN'],
    ['most', 'Infinity', 1.7976931348623157e308],
    ['least', '-Infinity', -1.7976931348623157e308],
  ];
  for (const [key, value] of values) {
    assert.deepEqual(await post('log-metric', { key, value, timestamp: '1700000000000', step: '-2' }), { status: 200, body: {} });
  }
  const expected = values.map(([key, , value]) => ({ key, value, timestamp: 1_700_000_000_000, step: -2 }));
  assert.deepEqual(
    (await data())?.metrics,
    expected.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  );
});

testTracking('the latest value is the one of the greatest step, then time; sending a point again changes nothing', async (setting) => {
  const { post, data, api, id } = await openRun(setting);
  const points: [number, number, number][] = [
    [5, 100, 0.5],
    [1, 900, 0.1],
    [5, 200, 0.6],
    [5, 100, 0.5],
  ];
  for (const [step, timestamp, value] of points) await post('log-metric', { key: 'loss', value, timestamp, step });
  assert.deepEqual((await data())?.metrics, [{ key: 'loss', value: 0.6, timestamp: 200, step: 5 }]);
  const { body } = await api.call('GET', `/api/2.0/mlflow/metrics/get-history?run_id=${id}&metric_key=loss`);
  assert.equal(body.metrics?.length, 3);
});

testTracking("names that could lead elsewhere as files are refused in MLflow's words", async (setting) => {
  const { post, refused } = await openRun(setting);
  const traversal =
    'Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to';
  assert.equal(
    await refused('log-metric', { key: '../x', value: 1, timestamp: 1 }),
    `Invalid value "../x" for parameter 'name' supplied: ${traversal} '../x'`,
  );
  assert.equal(
    await refused('log-parameter', { key: 'a//b', value: '1' }),
    `Invalid value "a//b" for parameter 'key' supplied: ${traversal} 'a/b'`,
  );
  for (const key of ['', '.', '..', '/a', 'a/', 'a/../b', './a']) await refused('set-tag', { key, value: '1' });
  assert.equal(
    await refused('log-batch', {
      params: [
        { key: 'ok', value: '1' },
        { key: 'a*b', value: '1' },
      ],
    }),
    `Invalid value "a*b" for parameter 'params[1].key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
  );
  assert.equal(
    await refused('log-metric', { key: 'k'.repeat(251), value: 1, timestamp: 1 }),
    "'Metric name' exceeds the maximum length of 250 characters",
  );
  for (const key of ['a/b', 'system/gpu 0:mem', 'größe_実験', 'k'.repeat(250), '.hidden', 'a..b']) {
    assert.equal(
      (await post('log-batch', { metrics: [{ key, value: 1, timestamp: 1 }], tags: [{ key }], params: [{ key }] })).status,
      200,
      key,
    );
  }
});

testTracking('a parameter never changes, but may be sent again', async (setting) => {
  const { post, refused, data, id } = await openRun(setting);
  const changed = `Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='${id}'. Attempted logging new value '0.2'.`;
  assert.deepEqual((await post('log-parameter', { key: 'lr', value: '0.1' })).body, {});
  assert.equal((await post('log-parameter', { key: 'lr', value: '0.1' })).status, 200);
  assert.equal(await refused('log-parameter', { key: 'lr', value: '0.2' }), changed);
  assert.match(
    await refused('log-batch', { params: [{ key: 'lr', value: '0.2' }], tags: [{ key: 'half', value: '1' }] }),
    /^Changing param values is not allowed\./,
  );
  await post('log-parameter', { key: 'empty' });
  const { params, tags } = (await data()) ?? {};
  assert.deepEqual(
    params?.toSorted((a: MlflowMessage, b: MlflowMessage) => (a.key < b.key ? -1 : 1)),
    [
      { key: 'empty', value: '' },
      { key: 'lr', value: '0.1' },
    ],
  );
  assert.ok(tags?.every((tag: MlflowMessage) => tag.key !== 'half'));
  await post('log-parameter', { key: 'long', value: 'x'.repeat(1_000_000) });
  assert.equal((await post('log-parameter', { key: 'long', value: 'x'.repeat(1_000_000) })).status, 200);
});

testTracking('a batch has limits, each with its own text', async (setting) => {
  const { post, refused } = await openRun(setting);
  const metrics = (count: number) => Array.from({ length: count }, (_, step) => ({ key: 'm', value: step, timestamp: 1, step }));
  const pairs = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));
  const text = (limit: number, count: number, what: string) =>
    `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`;
  assert.equal(await refused('log-batch', { metrics: metrics(1001) }), text(1000, 1001, 'metrics'));
  assert.equal(await refused('log-batch', { params: pairs(101) }), text(100, 101, 'params'));
  assert.equal(await refused('log-batch', { tags: pairs(101) }), text(100, 101, 'tags'));
  assert.equal(
    await refused('log-batch', { metrics: metrics(900), params: pairs(100), tags: pairs(1) }),
    text(1000, 1001, 'metrics, params, and tags'),
  );
  assert.equal((await post('log-batch', { metrics: metrics(1000) })).status, 200);
  assert.equal((await post('log-batch', {})).status, 200);
  const twice = [
    { key: 'p', value: '1' },
    { key: 'q', value: '1' },
    { key: 'p', value: '1' },
  ];
  assert.equal(
    await refused('log-batch', { params: twice }),
    "Duplicate parameter keys have been submitted: ['p']. Please ensure the request contains only one param value per param key.",
  );
  assert.match(
    await refused('log-batch', { metrics: [{ key: 'm', timestamp: 1 }] }),
    /Missing value for required parameter 'metrics\[0\].value'/,
  );
  assert.match(await refused('log-metric', { key: 'm', value: 1, timestamp: -1 }), /Timestamp must be a nonnegative long/);
});

testTracking('many writers of one run leave every point and the right latest value', async (setting) => {
  const { post, data, api, id } = await openRun(setting);
  await Promise.all(
    Array.from({ length: 20 }, (_, part) =>
      post('log-batch', {
        metrics: Array.from({ length: 10 }, (_unused, index) => ({
          key: 'm',
          value: part * 10 + index,
          timestamp: 1,
          step: part * 10 + index,
        })),
        params: [{ key: 'same', value: 'v' }],
        tags: [{ key: `t${part}`, value: 'v' }],
      }).then(({ status }) => assert.equal(status, 200)),
    ),
  );
  assert.deepEqual((await data())?.metrics, [{ key: 'm', value: 199, timestamp: 1, step: 199 }]);
  assert.equal((await api.call('GET', `/api/2.0/mlflow/metrics/get-history?run_id=${id}&metric_key=m`)).body.metrics?.length, 200);
});
