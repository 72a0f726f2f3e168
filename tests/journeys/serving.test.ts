import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, askGateway, eventually, inferBody, replicaPids as pidsOf, rows } from './serving-client.ts';
import { expected, smallModel, smallSignature } from './small-models.ts';
import { context, project, type ServingServer, startServing } from './serving-server.ts';

// Real processes throughout: control plane, agents, model servers, HTTP between them.

let server: ServingServer;
before(async () => {
  server = await startServing();
});
after(() => server.stop());

const ask = (path: string, body?: unknown, init?: RequestInit): Promise<Answer> => askGateway(server, path, body, init);
const replicaPids = (deployment: string) => pidsOf(server, deployment);

async function deployed(deployment: string, model: Uint8Array, spec: object = {}): Promise<void> {
  const version = await server.register(deployment, model);
  await server.ensure(deployment, spec);
  const rollout = await server.roll(deployment, version);
  assert.equal(rollout.state, 'promoted', rollout.reason ?? '');
}

test('a model answers over the Open Inference Protocol with the numbers of the model', async () => {
  await deployed('prices', smallModel());
  const { status, body, headers } = await ask('/v2/models/prices/infer', inferBody(rows, { id: 'order-7' }));
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual([body.id, body.model_version, headers.get('x-ripen-prediction-id')], ['order-7', '1', 'order-7']);
  assert.match(body.parameters?.revision ?? '', /^[0-9a-f]{32}$/);
  const [output] = body.outputs ?? [];
  assert.deepEqual([output?.name, output?.shape], ['probability', [2]]);
  for (const [index, row] of rows.entries()) assert.ok(Math.abs((output?.data[index] ?? 0) - expected(row)) < 1e-6);
  const nested = inferBody(rows);
  const one = await ask('/v2/models/prices/versions/1/infer', { ...nested, outputs: [{ name: 'probability' }] });
  assert.deepEqual(one.body.outputs, body.outputs);
  assert.match(one.body.id ?? '', /^[0-9a-f]{32}$/, 'an id is made when none is given');
});

test('the binary extension and packed bodies are read', async () => {
  const floats = Buffer.from(Float32Array.of(1, -3.5).buffer);
  const [, count, city] = inferBody(rows)['inputs'] as object[];
  const amount = { name: 'amount', datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } };
  const header = Buffer.from(JSON.stringify({ inputs: [amount, count, city] }));
  const headers = { 'inference-header-content-length': String(header.byteLength), 'content-type': 'application/octet-stream' };
  const binary = await ask('/v2/models/prices/infer', Buffer.concat([header, floats]), { headers });
  assert.ok(Math.abs((binary.body.outputs?.[0]?.data[1] ?? 0) - expected(rows[1] ?? { amount: 0, count: 0, city: '' })) < 1e-6);
  const short = await ask('/v2/models/prices/infer', Buffer.concat([header, floats.subarray(4)]), { headers });
  assert.deepEqual([short.status, short.body.error], [400, 'The binary data of the input "amount" is not in the body.']);
  const { gzipSync } = await import('node:zlib');
  const packed = gzipSync(JSON.stringify(inferBody(rows)));
  assert.equal((await ask('/v2/models/prices/infer', packed, { headers: { 'content-encoding': 'gzip' } })).status, 200);
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 32));
  assert.equal((await ask('/v2/models/prices/infer', bomb, { headers: { 'content-encoding': 'gzip' } })).status, 413);
});

test('what is wrong with a request is said, and the model never sees it', async () => {
  const [amount, count, city] = inferBody(rows)['inputs'] as Record<string, unknown>[];
  const send = (inputs: unknown, more: object = {}) => ask('/v2/models/prices/infer', { inputs, ...more });
  const cases: readonly [unknown, RegExp, object?][] = [
    ['nothing', /"inputs" must be a list/],
    [[amount, count], /also needs the input "city"/],
    [[amount, count, city, { ...city, name: 'town' }], /has no input "town"/],
    [[{ ...amount, name: 'amuont' }, count, city], /did you mean "amount"/],
    [[amount, amount, count, city], /"amount" is given twice/],
    [[{ ...amount, datatype: 'FP64' }, count, city], /is FP64; the model takes FP32/],
    [[{ ...amount, shape: [2, 1] }, count, city], /shape \[2, 1\]; the model takes \[-1\]/],
    [[{ ...amount, shape: [3] }, count, city], /has 2 elements; its shape \[3\] needs 3/],
    [[{ ...amount, shape: [1], data: [1] }, count, city], /as many rows: "amount" has 1, "count" has 2/],
    [[{ ...amount, data: [1, null] }, count, city], /element 1 is null/],
    [[amount, { ...count, data: [1, 2 ** 53 + 2] }, city], /cannot be carried exactly/],
    [[amount, { ...count, data: [1, 1.5] }, city], /must hold whole numbers; element 1 is 1.5/],
    [[amount, count, { ...city, data: ['a', 1] }], /must hold strings; element 1 is 1/],
    [[amount, count, city], /no output "score"; it gives probability/, { outputs: [{ name: 'score' }] }],
    [[amount, count, city], /"id" must be a string/, { id: 7 }],
    [[amount, count, city], /"event_time" must be/, { parameters: { event_time: 'yesterday' } }],
    [inferBody([])['inputs'], /has no rows/],
  ];
  for (const [inputs, message, more] of cases) {
    const { status, body } = await send(inputs, more);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(body.error ?? '', message);
  }
  const infinite = JSON.stringify(inferBody(rows)).replace('-3.5', '1e999');
  assert.match((await ask('/v2/models/prices/infer', infinite)).body.error ?? '', /finite numbers of FP32; element 1 is Infinity/);
  assert.match((await ask('/v2/models/prices/infer', '{"inputs": [')).body.error ?? '', /The body is not JSON/);
  assert.match((await ask('/v2/models/prices/infer', '[1]')).body.error ?? '', /must be a JSON object/);
  const { environments } = await server.serving.deployment(project, 'prices');
  assert.equal(environments[0]?.revisions[0]?.traffic.errors, 0, 'the fault of a caller is not the fault of the revision');
});

test('unknown models, versions, paths and methods, and bodies that are too large', async () => {
  const status = async (path: string, body?: unknown, init?: RequestInit) => (await ask(path, body, init)).status;
  const unknown = await ask('/v2/models/none/infer', inferBody(rows));
  assert.deepEqual([unknown.status, unknown.body.error], [404, "Request for unknown model: 'none' is not found"]);
  assert.equal(await status('/v2/models/prices/versions/99/infer', inferBody(rows)), 404);
  assert.equal(await status('/v2/models/prices/versions/1/dance'), 404);
  assert.equal(await status('/v2/models/prices/infer'), 405);
  assert.equal(await status('/v2/models/prices', {}), 405);
  assert.equal(await status('/nothing'), 404);
  assert.equal(await status('/v2/models/%E0%A4%A'), 400);
  const pinned = { headers: { 'x-ripen-revision': 'f'.repeat(32) } };
  assert.equal(await status('/v2/models/prices/infer', inferBody(rows), pinned), 404);
  assert.equal(await status('/v2/models/prices/infer', ' '.repeat(9 * 1024 * 1024)), 413);
  assert.equal(await status('/v2', undefined, { headers: { origin: 'https://evil.example' } }), 403);
});

test('health and metadata are told as the protocol wants them', async () => {
  const get = async (path: string) => (await ask(path)).body as unknown;
  assert.deepEqual(await get('/v2/health/live'), { live: true });
  assert.deepEqual(await get('/v2/health/ready'), { ready: true });
  assert.deepEqual(await get('/v2/'), { name: 'ripen', version: '2', extensions: ['binary_tensor_data'] });
  assert.deepEqual(await get('/v2/models'), { models: ['prices'] });
  assert.deepEqual(await get('/v2/models/prices/ready'), { name: 'prices', ready: true });
  const metadata = (await get('/v2/models/prices')) as Record<string, unknown>;
  assert.deepEqual([metadata['versions'], metadata['inputs'], metadata['outputs']], [['1'], smallSignature.inputs, smallSignature.outputs]);
});

test('predictions arrive at the control plane, once, with what was asked and answered', async () => {
  const parameters = { event_time: '2001-05-01T12:00:00Z', key: 'customer-9' };
  await ask('/v2/models/prices/infer', inferBody(rows, { id: 'logged', parameters }));
  const lines = () => server.segments.flatMap((segment) => segment.lines).filter(({ id }) => id === 'logged');
  await eventually('the segment is uploaded', () => lines().length > 0);
  const [line] = lines();
  assert.deepEqual(
    [line?.['event_time'], line?.['key'], line?.['rows'], line?.['version'], line?.['status']],
    [Date.UTC(2001, 4, 1, 12), 'customer-9', 2, '1', 200],
  );
  assert.deepEqual(line?.['inputs'], { amount: [1, -3.5], count: [2, 0], city: ['Rome', 'Zürich 🏔'] });
  assert.equal((line?.['outputs'] as { probability: number[] } | undefined)?.probability.length, 2);
});

test('the web page’s “try it” goes through the control plane', async () => {
  const url = `${server.address}/api/v1/projects/${project}/deployments/prices/predict`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(inferBody(rows)) });
  assert.equal(response.status, 200);
  const refused = await fetch(url, { method: 'POST', body: '{}' });
  assert.deepEqual([refused.status, await refused.json()], [400, { error: '"inputs" must be a list of tensors.' }]);
});

test('a deployed, updated or killed model touches no other model', async () => {
  await deployed('stock', smallModel({ bias: 1 }));
  const [prices] = await replicaPids('prices');
  const [stock] = await replicaPids('stock');
  assert.ok(prices !== undefined && stock !== undefined && prices !== stock);
  let wrong = 0;
  let asked = 0;
  const stopping = new AbortController();
  const asking = (async () => {
    for (; !stopping.signal.aborted; asked++) if ((await ask('/v2/models/prices/infer', inferBody(rows))).status !== 200) wrong++;
  })();
  process.kill(stock, 'SIGKILL');
  const during = await ask('/v2/models/stock/infer', inferBody(rows));
  assert.equal(during.status, 200, 'a request waits for the replica that is being started again');
  await eventually('the killed replica is back', async () => {
    const [pid] = await replicaPids('stock');
    return pid !== undefined && pid !== stock;
  });
  const version = await server.register('stock', smallModel({ bias: 2 }));
  assert.equal((await server.roll('stock', version)).state, 'promoted');
  stopping.abort();
  await asking;
  assert.deepEqual(await replicaPids('prices'), [prices], 'the other model kept its process');
  assert.ok(wrong === 0 && asked > 20, `${wrong} of ${asked} requests to the other model failed`);
  const failures = await server.kernel.events.find({ types: ['replica.failed'] });
  assert.match(JSON.stringify(failures[0]?.data), /SIGKILL/);
});

test('a file that is not what was registered never becomes ready', async () => {
  const version = await server.register('stock', smallModel({ output: 'surprise' }));
  const rollout = await server.roll('stock', version);
  assert.equal(rollout.state, 'rolled-back');
  assert.match(rollout.reason ?? '', /the file has no output "probability"/);
  const garbage = await server.register('stock', Buffer.from('this is no model'));
  assert.equal((await server.roll('stock', garbage)).state, 'rolled-back');
  assert.equal((await ask('/v2/models/stock/infer', inferBody(rows))).status, 200);
});

test('a model past its memory limit is ended, and the reason is told', async () => {
  const version = await server.register('heavy', smallModel());
  await server.ensure('heavy', { limits: { memory_mb: 64 } });
  const { rollout } = await server.serving.deploy(context, {
    project,
    deployment: 'heavy',
    environment: 'production',
    version,
    cause: 'release',
    strategy: 'canary',
  });
  const told = async () => (await server.kernel.events.find({ types: ['replica.failed'] })).map(({ data }) => JSON.stringify(data));
  await eventually('the limit is noticed', async () => (await told()).some((reason) => /MiB, more than it may/.test(reason)));
  assert.ok(rollout.id);
  await server.serving.retire(context, { project, deployment: 'heavy', environment: 'production' }).catch(() => undefined);
});

test('rollback moves the traffic at once', async () => {
  const started = performance.now();
  const done = await server.serving.rollBack(context, { project, deployment: 'stock', environment: 'production', reason: 'rehearsal' });
  const tookMs = performance.now() - started;
  const answer = await ask('/v2/models/stock/infer', inferBody(rows));
  assert.equal(answer.body.model_version, '1');
  assert.ok(done.finishedAt !== undefined && tookMs < 2000, `${tookMs} ms`);
  process.stdout.write(`# rollback until the traffic had moved: ${done.finishedAt - done.startedAt} ms\n`);
});

const canary = {
  canary: [20, 100],
  rollout: { minimum_requests: 100, error_rate_margin: 0.1, step_timeout: '40s', extensions: 0, latency_p99_floor_ms: 1000 },
};

async function underTraffic<Result>(
  deployment: string,
  work: () => Promise<Result>,
): Promise<{ result: Result; answers: Map<string, number> }> {
  const stopping = new AbortController();
  const answers = new Map<string, number>();
  const ask1 = async (index: number): Promise<void> => {
    for (let count = index; !stopping.signal.aborted; count += 4) {
      const { status, body } = await ask(`/v2/models/${deployment}/infer`, inferBody([{ amount: (count % 20) - 10, count, city: 'Rome' }]));
      const name = status === 200 ? `version ${body.model_version ?? ''}` : String(status);
      answers.set(name, (answers.get(name) ?? 0) + 1);
    }
  };
  const asking = Promise.all([0, 1, 2, 3].map(ask1));
  try {
    return { result: await work(), answers };
  } finally {
    stopping.abort();
    await asking;
  }
}

test('a canary passes under live traffic', async () => {
  await deployed('canary', smallModel(), canary);
  const version = await server.register('canary', smallModel({ bias: 0.05 }));
  const { result, answers } = await underTraffic('canary', () => server.roll('canary', version, { strategy: 'canary' }));
  assert.equal(result.state, 'promoted', result.reason ?? '');
  assert.deepEqual(
    result.measurements.map(({ verdict }) => verdict),
    ['passed'],
  );
  assert.ok((answers.get('version 1') ?? 0) > 0 && (answers.get('version 2') ?? 0) > 0, JSON.stringify([...answers]));
  assert.equal([...answers.keys()].filter((name) => !name.startsWith('version')).length, 0);
});

test('a canary that breaks on some requests is rolled back by itself', async () => {
  const version = await server.register('canary', smallModel({ breaksAbove: 0 }));
  const { result, answers } = await underTraffic('canary', () => server.roll('canary', version, { strategy: 'canary' }));
  assert.equal(result.state, 'rolled-back');
  assert.match(result.reason ?? '', /Errors .* of the candidate/);
  assert.ok((answers.get('500') ?? 0) > 0, JSON.stringify([...answers]));
  await eventually('the rollback is told', async () => {
    const events = await server.kernel.events.find({ types: ['service.rolled-back'] });
    return events.some(({ data }) => data['automatic'] === true);
  });
  assert.equal((await ask('/v2/models/canary/infer', inferBody([{ amount: 5, count: 1, city: '' }]))).status, 200);
});

test('a canary without traffic is never promoted', async () => {
  await server.ensure('canary', { ...canary, rollout: { ...canary.rollout, step_timeout: '500ms' } });
  const version = await server.register('canary', smallModel());
  const { rollout } = await server.serving.deploy(context, {
    project,
    deployment: 'canary',
    environment: 'production',
    version,
    cause: 'release',
    strategy: 'canary',
  });
  const paused = await server.serving.waitForRollout(rollout.id, AbortSignal.timeout(20_000));
  assert.deepEqual([paused.state, paused.measurements.at(-1)?.verdict], ['paused', 'inconclusive']);
  await server.serving.orderRollout(context, { project, rollout: rollout.id, action: 'abort' });
});
