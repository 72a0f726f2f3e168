import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { testOnEachServer } from '../testing/mlflow-server.ts';
import type { Wire, WireReply, WireRun } from '../testing/mlflow-wire.ts';

// What goes wrong between MLflow's clients and a server, over real sockets and on both databases.

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

async function said(asked: Promise<WireReply>): Promise<WireReply> {
  const reply = await asked;
  assert.equal(reply.status, 200, reply.bytes.toString().slice(0, 1000));
  return reply;
}

async function refused(asked: Promise<WireReply>, what: string): Promise<WireReply> {
  const reply = await asked;
  assert.equal(reply.status, 400, `${what}: ${reply.status} ${reply.bytes.toString().slice(0, 500)}`);
  assert.equal(reply.body.error_code, 'INVALID_PARAMETER_VALUE', what);
  return reply;
}

async function startRun(wire: Wire, name: string): Promise<{ experiment: string; run: string }> {
  const experiment = (await said(wire.post('experiments/create', { name }))).body.experiment_id ?? '';
  const created = await said(wire.post('runs/create', { experiment_id: experiment, start_time: 1 }));
  return { experiment, run: created.body.run?.info.run_id ?? '' };
}

async function dataOf(wire: Wire, run: string): Promise<WireRun['data']> {
  return (await said(wire.get('runs/get', { run_id: run }))).body.run?.data ?? {};
}

async function historyOf(wire: Wire, run: string, key: string): Promise<string[]> {
  const { body } = await said(wire.get('metrics/get-history', { run_id: run, metric_key: key }));
  return (body.metrics ?? []).map(({ step, timestamp, value }) => `${step}/${timestamp}/${value}`).toSorted();
}

testOnEachServer('sixteen writers of one run send every point twice, in any order: each is there once', async ({ wire }) => {
  const { run } = await startRun(wire, 'writers');
  const points = Array.from({ length: 480 }, (_, step) => ({ key: 'loss', value: step % 7, timestamp: 1000 + step, step }));
  const shuffled = [...points, ...points].toSorted((a, b) => ((a.step * 7919) % 481) - ((b.step * 7919) % 481));
  await Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      const mine = shuffled.filter((_each, index) => index % 16 === writer);
      for (const [index, point] of mine.entries())
        await said(
          index % 3 === 0
            ? wire.post('runs/log-batch', { run_id: run, metrics: [point, point] })
            : wire.post('runs/log-metric', { run_id: run, ...point }),
        );
    }),
  );
  assert.deepEqual(
    await historyOf(wire, run, 'loss'),
    points.map(({ step, timestamp, value }) => `${step}/${timestamp}/${value}`).toSorted(),
  );
  const [latest] = (await dataOf(wire, run)).metrics ?? [];
  assert.deepEqual([latest?.step, latest?.value], [479, 479 % 7]);
});

testOnEachServer('a parameter that changed in the middle of a batch takes the whole batch back', async ({ wire }) => {
  const { run } = await startRun(wire, 'batches');
  await said(wire.post('runs/log-batch', { run_id: run, params: [{ key: 'depth', value: '3' }] }));
  const batch = (values: readonly string[], number: number) => ({
    run_id: run,
    metrics: Array.from({ length: 500 }, (_, step) => ({ key: `m${number}`, value: step, timestamp: 1, step })),
    params: values.map((value, index) => ({ key: index === 1 ? 'depth' : `new ${number} ${index}`, value })),
    tags: [{ key: `t${number}`, value: 'x' }],
  });
  // Many at once share a transaction: one that is refused takes nobody with it.
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, number) => wire.post('runs/log-batch', batch(['a', number % 3 === 0 ? '4' : '3', 'c'], number))),
  );
  const data = await dataOf(wire, run);
  const keys = (list: readonly { readonly key: string }[] = []): string[] => list.map(({ key }) => key);
  for (const [number, { status, body }] of replies.entries()) {
    const kept = number % 3 !== 0;
    assert.equal(status, kept ? 200 : 400, String(number));
    if (!kept) assert.match(body.message ?? '', /Changing param values is not allowed/);
    assert.equal(keys(data.metrics).includes(`m${number}`), kept);
    assert.equal(keys(data.params).filter((key) => key.startsWith(`new ${number} `)).length, kept ? 2 : 0);
    assert.equal(keys(data.tags).includes(`t${number}`), kept);
  }
  const twice = {
    run_id: run,
    params: [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ],
    metrics: [{ key: 'never', value: 1, timestamp: 1, step: 0 }],
  };
  await refused(wire.post('runs/log-batch', twice), 'two values for one parameter');
  assert.ok(!keys((await dataOf(wire, run)).metrics).includes('never'));
});

testOnEachServer('texts of a megabyte are kept whole at the limit, and cut where it is crossed', async ({ wire }) => {
  const { run } = await startRun(wire, 'large');
  const limit = 1024 * 1024;
  const at = 'ü'.repeat(limit);
  // The pair at the limit would be cut in half.
  const above = `${'a'.repeat(limit - 1)}💥💥`;
  for (const [key, value, kept] of [
    ['at', at, at],
    ['above', above, `${'a'.repeat(limit - 1)}\ufffd`],
  ] as const) {
    await said(wire.post('runs/set-tag', { run_id: run, key, value }));
    await said(wire.post('runs/log-parameter', { run_id: run, key, value }));
    // Sent again after a lost answer it is the same parameter still.
    await said(wire.post('runs/log-parameter', { run_id: run, key, value }));
    const data = await dataOf(wire, run);
    assert.ok(data.tags?.find((tag) => tag.key === key)?.value === kept, `tag ${key}`);
    assert.ok(data.params?.find((param) => param.key === key)?.value === kept, `param ${key}`);
  }
  const many = Array.from({ length: 40 }, (_, index) => ({ key: `big ${index}`, value: 'x'.repeat(limit) }));
  await said(wire.post('runs/log-batch', { run_id: run, tags: many }));
  const tooMuch = Buffer.alloc(65 * limit, 0x20);
  await refused(wire.call('POST', 'runs/log-batch', tooMuch), 'above the largest body');
});

testOnEachServer(
  'bodies of every wrong kind are refused in the words of the protocol, and never break the server',
  async ({ wire, server }) => {
    const { run } = await startRun(wire, 'bodies');
    const point = { run_id: run, key: 'm', value: 1, timestamp: 1 };
    const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    for (const [what, body] of [
      ['empty object', '{}'],
      ['array', '[]'],
      ['null', 'null'],
      ['number', '1'],
      ['cut', JSON.stringify(point).slice(0, -3)],
      ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
      ['UTF-16', Buffer.from(JSON.stringify(point), 'utf16le')],
      ['a deep wrong value', `{"run_id":${deep(1_000_000)}}`],
      ['a text without end and a bare NaN', `{"run_id":NaN,"x":"${'\\"'.repeat(8_000_000)}`],
      ['many things that are no metrics', `{"run_id":"${run}","metrics":[${'1,'.repeat(5_000_000)}1]}`],
    ] as const) {
      if (body !== undefined) await refused(wire.call('POST', 'runs/log-batch', body), what);
    }
    const many = { run_id: run, metrics: Array.from({ length: 1001 }, (_, step) => ({ key: 'm', value: 1, timestamp: 1, step })) };
    assert.match((await refused(wire.post('runs/log-batch', many), 'too many')).body.message ?? '', /at most 1000 metrics/);
    await said(wire.call('POST', 'runs/log-metric', `{"run_id":"${run}","key":"m","value":NaN,"timestamp":1,"unknown":${deep(100_000)}}`));
    const dataset = await said(wire.post('/api/3.0/mlflow/datasets/create', { name: 'deep' }));
    const { dataset_id: id } = (JSON.parse(dataset.bytes.toString()) as { dataset: { dataset_id: string } }).dataset;
    await refused(wire.post(`/api/3.0/mlflow/datasets/${id}/records`, { records: `[{"inputs":{"a":${deep(100_000)}}}]` }), 'deep records');
    const headers: readonly Readonly<Record<string, string>>[] = [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/jsonx' },
    ];
    for (const each of headers) await refused(wire.call('POST', 'runs/log-metric', JSON.stringify(point), each), JSON.stringify(each));
    const packed = await refused(
      wire.call('POST', 'runs/log-metric', gzipSync(JSON.stringify(point)), { 'content-encoding': 'gzip' }),
      'gzip',
    );
    assert.match(packed.body.message ?? '', /compressed/);
    await refused(wire.call('POST', 'runs/log-metric'), 'no body');
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
      assert.equal((await wire.call(method, 'runs/log-metric')).status, 405, method);
    const head = await wire.call('HEAD', `runs/get?run_id=${run}`);
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
    assert.equal((await fetch(`${server.address}/health`)).status, 200);
  },
);

testOnEachServer('numbers come as numbers or texts, and what is none is refused', async ({ wire }) => {
  const { run } = await startRun(wire, 'numbers');
  const log = (more: object): Promise<WireReply> =>
    wire.post('runs/log-metric', { run_id: run, key: 'm', value: 1, timestamp: 1, ...more });
  for (const step of [0, '1', -2, '-3', 2_147_483_648, '4294967296', Number.MAX_SAFE_INTEGER, String(Number.MIN_SAFE_INTEGER), null])
    await said(log({ step }));
  for (const timestamp of [1_700_000_000_000, '1700000000000', Number.MAX_SAFE_INTEGER]) await said(log({ timestamp }));
  for (const value of [1, '1.5', -0, 1e308, '1e-320', 'NaN', 'Infinity', '-Infinity', true]) await said(log({ value }));
  for (const step of [1.5, '1.0', true, [], {}, '0x1', '', '１', '9223372036854775807'])
    await refused(log({ step }), `step ${JSON.stringify(step)}`);
  for (const timestamp of [-1, 1.5, true, null, 1e300, 'now']) await refused(log({ timestamp }), `timestamp ${JSON.stringify(timestamp)}`);
  for (const value of ['nan', 'inf', '0x10', '', ' 1', [], {}, null]) await refused(log({ value }), `value ${JSON.stringify(value)}`);
  await said(
    wire.post('runs/log-metric', { runId: run, key: 'camel', value: 1, timestamp: 1, datasetName: '', nothing: { known: 1 }, step: null }),
  );
  for (const id of ['99999999999999999999', '-1', '1e3', 'x', "1' or '1'='1"]) {
    const { status } = await wire.get('experiments/get', { experiment_id: id });
    assert.ok(status === 400 || status === 404, `${id}: ${status}`);
  }
});

testOnEachServer('names of every kind stay what they are or are refused, and lead nowhere', async ({ wire }) => {
  const { experiment, run } = await startRun(wire, 'names');
  for (const name of [
    '../x',
    '..',
    '/',
    'é',
    'e\u0301',
    '\u202eabc',
    '💥',
    "'; drop table runs; --",
    'İ',
    'ß',
    '%2e%2e',
    '__proto__',
    'x'.repeat(500),
  ]) {
    const id = (await said(wire.post('experiments/create', { name }))).body.experiment_id ?? '';
    const found = await said(wire.get('experiments/get-by-name', { experiment_name: name }));
    assert.equal(found.body.experiment?.experiment_id, id, name);
    const started = await said(wire.post('runs/create', { experiment_id: id, run_name: name.slice(0, 250), start_time: 1 }));
    assert.equal(started.body.run?.info.run_name, name.slice(0, 250));
  }
  for (const name of ['', ' ', 'a\0b', '\ud800', 'a\nb', '\x7f', 'x'.repeat(501)])
    await refused(wire.post('experiments/create', { name }), JSON.stringify(name.slice(0, 20)));
  const good = ['é', '__proto__', 'constructor', 'a/b', 'a b', 'a:b', '漢'.repeat(250), '日本.語'];
  const bad = [
    '',
    ' ',
    'a\0b',
    '\ud800',
    'a\nb',
    '../x',
    '..',
    '.',
    '/',
    '/a',
    'a//b',
    './a',
    'a/',
    '\u202e',
    'x'.repeat(251),
    "'; drop",
    'a\\b',
    '\x7f',
  ];
  for (const [route, more] of [
    ['runs/log-metric', { value: 1, timestamp: 1 }],
    ['runs/log-parameter', { value: 'v' }],
    ['runs/set-tag', { value: 'v' }],
  ] as const) {
    for (const key of good) await said(wire.post(route, { run_id: run, key, ...more }));
    for (const key of bad) await refused(wire.post(route, { run_id: run, key, ...more }), `${route} ${JSON.stringify(key.slice(0, 20))}`);
  }
  const data = await dataOf(wire, run);
  for (const key of good) {
    assert.ok(
      data.params?.some((param) => param.key === key && param.value === 'v'),
      key,
    );
    assert.equal((await historyOf(wire, run, key)).length, 1, key);
  }
  const root = `${proxy}/${experiment}/${run}/artifacts`;
  for (const path of [
    '%2e%2e/x',
    '..%2fx',
    '%252e%252e/x',
    '%25252e%25252e%25252fx',
    'a/../b',
    'a%5cb',
    'a%00b',
    'a%0ab',
    'a//b',
    'C:/x',
    'x'.repeat(2000),
    'd/'.repeat(2000),
  ]) {
    await refused(wire.call('PUT', `${root}/${path}`, 'content'), path.slice(0, 40));
    const read = await wire.call('GET', `${root}/${path}`);
    assert.ok(read.status === 400 || read.status === 404, `${path.slice(0, 40)}: ${read.status}`);
  }
  for (const path of ['%zz', '%ff', '%c0%ae%c0%ae/x', '%u002e'])
    assert.ok([400, 404].includes((await wire.call('PUT', `${root}/${path}`, 'content')).status), path);
  for (const path of ['%F0%9F%92%A5', 'a%20b/c', '~/.ssh', 'con', 'a;b', '...', '100%25']) {
    await said(wire.call('PUT', `${root}/${path}`, 'content'));
    assert.equal((await said(wire.call('GET', `${root}/${path}`))).bytes.toString(), 'content', path);
  }
});

testOnEachServer('an experiment is deleted, restored and made again under its name by many clients at once', async ({ wire }) => {
  const name = 'contested';
  const makers = await Promise.all(Array.from({ length: 12 }, () => wire.post('experiments/create', { name })));
  const made = makers.filter(({ status }) => status === 200);
  assert.equal(made.length, 1);
  for (const { status, body } of makers) if (status !== 200) assert.deepEqual([status, body.error_code], [400, 'RESOURCE_ALREADY_EXISTS']);
  const id = made[0]?.body.experiment_id ?? '';
  const moves = await Promise.all(
    Array.from({ length: 30 }, (_, number) => {
      if (number % 3 === 0) return wire.post('experiments/delete', { experiment_id: id });
      return number % 3 === 1 ? wire.post('experiments/restore', { experiment_id: id }) : wire.post('experiments/create', { name });
    }),
  );
  for (const { status, body, bytes } of moves)
    assert.ok(
      status === 200 || (status < 500 && body.error_code !== undefined) || body.error_code === 'INVALID_STATE',
      `${status} ${bytes.toString()}`,
    );
  const both = await Promise.all(
    ['ACTIVE_ONLY', 'DELETED_ONLY'].map(
      async (view_type) => (await said(wire.post('experiments/search', { view_type, max_results: 100 }))).body.experiments ?? [],
    ),
  );
  const named = both.map((list) => list.filter((each) => each.name === name));
  assert.equal(named.flat().length, 1, 'a name is used once, also by what was deleted');
  assert.equal(named.flat()[0]?.experiment_id, id);
});
