import assert from 'node:assert/strict';
import { gzipSync, deflateRawSync } from 'node:zlib';
import { exportRequest } from '../otlp/schema.ts';
import { testTracking } from '../testing.ts';
import { exported, hex, id, openTraces, tell } from './trace-testing.ts';

testTracking('a trace is told, its spans come by OTLP in any order, and the tag says truly where they are', async (setting) => {
  const api = openTraces(setting);
  const first = await api.call(
    'POST',
    '/api/3.0/mlflow/traces',
    tell('1', { tags: { 'mlflow.traceName': 'answer', 'mlflow.trace.spansLocation': 'x' } }),
  );
  const { trace_info: info } = first.body.trace!;
  assert.deepEqual(
    [info!.state, info!.request_time, info!.execution_duration, info!.tags!['mlflow.traceName'], info!.tags!['mlflow.trace.spansLocation']],
    ['OK', '2026-01-01T00:00:00.500Z', '0.075s', 'answer', undefined],
  );
  assert.equal(info!.tags!['mlflow.artifactLocation'], `mlflow-artifacts:/0/traces/${id('1')}/artifacts`);
  assert.equal(info!.trace_metadata!['mlflow.trace.infoFinalized'], 'true');
  const early = await api.call('GET', `/api/3.0/mlflow/traces/get?trace_id=${id('1')}`);
  assert.deepEqual([early.status, early.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST']);
  assert.equal(
    (
      await api.upload('1', [
        { span: 'b', parent: 'a' },
        { span: 'a', attributes: { 'mlflow.spanInputs': '{"q": 1}' } },
      ])
    ).status,
    200,
  );
  const { body } = await api.call('GET', `/ajax-api/3.0/mlflow/traces/${id('1')}?trace_id=${id('1')}`);
  assert.equal(body.trace!.trace_info!.tags!['mlflow.trace.spansLocation'], 'TRACKING_STORE');
  const raw = await api.raw('GET', `/api/3.0/mlflow/traces/get?trace_id=${id('1')}&allow_partial=False`, {});
  const text = raw.body.toString('utf8');
  // Nanoseconds are numbers and lose no digit.
  assert.match(text, /"start_time_unix_nano":1700000000123456789,/);
  const { spans } = (
    JSON.parse(text) as { trace: { spans: { span_id: string; parent_span_id?: string; attributes: { key: string; value: object }[] }[] } }
  ).trace;
  const root = spans.find((span) => span.parent_span_id === undefined);
  assert.equal(root?.span_id, Buffer.from(hex('a', 16), 'hex').toString('base64'));
  assert.deepEqual(root.attributes.find(({ key }) => key === 'service.name')?.value, { string_value: 'shop' });
  assert.deepEqual(root.attributes.find(({ key }) => key === 'mlflow.traceRequestId')?.value, { string_value: id('1') });
  const batch = await api.call('GET', `/api/3.0/mlflow/traces/batchGet?trace_ids=${id('1')}&trace_ids=${id('9')}`);
  assert.equal(batch.body.traces!.length, 1);
  assert.equal((await api.call('POST', '/api/3.0/mlflow/traces/batchGetInfos', { trace_ids: [id('1')] })).body.trace_infos!.length, 1);
  const missing = await api.call('GET', `/api/3.0/mlflow/traces/${id('9')}`);
  assert.deepEqual([missing.status, missing.body.message], [404, `Trace with ID '${id('9')}' not found.`]);
});

testTracking('spans come as protobuf, packed or not; what is no export is refused', async (setting) => {
  const api = openTraces(setting);
  const message = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: Buffer.from(hex('5', 32), 'hex'),
                spanId: Buffer.from(hex('7', 16), 'hex'),
                name: 'packed',
                kind: 3,
                startTimeUnixNano: 1_700_000_000,
                endTimeUnixNano: 1_700_000_500,
                attributes: [
                  { key: 'list', value: { arrayValue: { values: [{ intValue: -3 }, { doubleValue: 0.5 }, { boolValue: true }, {}] } } },
                  { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { stringValue: 'b' } }] } } },
                ],
                status: { code: 1 },
              },
            ],
          },
        ],
      },
    ],
  };
  const bytes = exportRequest.encode(exportRequest.create(message)).finish();
  const protobuf = { 'content-type': 'application/x-protobuf' };
  for (const [body, headers] of [
    [bytes, {}],
    [gzipSync(bytes), { 'content-encoding': 'gzip' }],
    [deflateRawSync(bytes), { 'content-encoding': 'deflate' }],
  ] as const) {
    const reply = await api.send(body, { ...protobuf, ...headers });
    assert.deepEqual([reply.status, reply.headers['content-type'], reply.body.length], [200, 'application/x-protobuf', 0]);
  }
  const [found] = await setting.tracking.tracesWithSpans('flights', [id('5')]);
  assert.deepEqual(
    [found?.spans.length, found?.spans[0]?.attributes['list'], found?.spans[0]?.attributes['map']],
    [1, [-3, 0.5, true, null], { a: 'b' }],
  );
  const status = async (...request: Parameters<typeof api.send>) => {
    const reply = await api.send(...request);
    return [reply.status, (JSON.parse(reply.body.toString('utf8')) as { detail: unknown }).detail];
  };
  assert.deepEqual(await status('{}'), [400, 'Invalid OpenTelemetry format - no spans found']);
  assert.deepEqual(await status('{'), [400, 'Invalid OpenTelemetry format']);
  assert.deepEqual(await status('abc', protobuf), [400, 'Invalid OpenTelemetry format']);
  assert.equal((await status('x', { 'content-type': 'text/plain' }))[0], 400);
  assert.equal((await status(bytes, { ...protobuf, 'content-encoding': 'gzip' }))[0], 400);
  assert.equal((await status(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: hex('1', 32) }] }] }] })))[0], 422);
  const noHeader = await api.raw('POST', '/v1/traces', { body: '{}', headers: { 'content-type': 'application/json' } });
  assert.equal(noHeader.status, 422);
  const unknown = await api.send(JSON.stringify(exported('6', [{ span: '1' }])), { 'x-mlflow-experiment-id': '77' });
  assert.deepEqual(
    [unknown.status, (JSON.parse(unknown.body.toString('utf8')) as { error_code: string }).error_code],
    [404, 'RESOURCE_DOES_NOT_EXIST'],
  );
});

testTracking('a server without any trace or experiment finds nothing, and says so without an error', async (setting) => {
  const api = openTraces(setting);
  const locations = ['0', '77'].map((experiment_id) => ({ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } }));
  const found = await api.call('POST', '/api/3.0/mlflow/traces/search', { locations });
  assert.deepEqual([found.status, [...(found.body.traces ?? [])]], [200, []]);
  assert.equal((await api.call('POST', '/api/3.0/mlflow/datasets/search', { experiment_ids: ['0'] })).status, 200);
  const deletion = await api.call('POST', '/api/3.0/mlflow/traces/delete-traces', { experiment_id: '0', max_timestamp_millis: 1 });
  assert.deepEqual([deletion.status, deletion.body.traces_deleted], [200, 0]);
});

testTracking('traces are found by everything that is known of them, page by page', async (setting) => {
  const api = openTraces(setting);
  for (let index = 1; index <= 9; index++)
    await api.call(
      'POST',
      '/api/3.0/mlflow/traces',
      tell(String(index), {
        state: index === 3 ? 'ERROR' : 'OK',
        at: `2026-01-01T00:00:0${index}Z`,
        duration: `${index}s`,
        tags: { 'mlflow.traceName': index < 5 ? 'ask' : 'plan', team: `t${index % 2}`, ['odd key.é']: 'x' },
        metadata: { 'mlflow.trace.session': `s${index % 3}`, ...(index === 4 ? { 'mlflow.sourceRun': 'run1' } : {}) },
      }),
    );
  await api.upload('5', [
    { span: '1', name: 'llm', attributes: { 'mlflow.spanType': 'LLM', answer: 'Größe 7', 'mlflow.spanInputs': 'where is it' } },
    { span: '2', parent: '1', name: 'tool', error: 'boom' },
  ]);
  await api.call('POST', `/api/3.0/mlflow/traces/${id('6')}/assessments`, {
    assessment: { assessment_name: 'good', feedback: { value: 'yes' }, source: { source_type: 'HUMAN' } },
  });
  const search = async (filter: string, more: object = {}) => {
    const request = { locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } }], filter, ...more };
    const { status, body } = await api.call('POST', '/api/3.0/mlflow/traces/search', request);
    assert.equal(status, 200, `${filter}: ${JSON.stringify(body)}`);
    return { digits: [...(body.traces ?? [])].map((trace) => String(trace.trace_id).at(-1)).join(''), next: body.next_page_token };
  };
  const cases: readonly [string, string][] = [
    ['', '987654321'],
    ["status = 'ERROR'", '3'],
    ["trace.status != 'OK' AND timestamp_ms > 0", '3'],
    ["name = 'ask'", '4321'],
    ["attributes.name LIKE 'pl%'", '98765'],
    ["tags.`mlflow.traceName` = 'ask' AND tags.team = 't0'", '42'],
    ['tags."odd key.é" = \'x\' AND execution_time_ms >= 8000', '98'],
    ["metadata.`mlflow.trace.session` = 's1'", '741'],
    ["request_metadata.`mlflow.sourceRun` = 'run1'", '4'],
    ["run_id = 'run1'", '4'],
    [`request_id IN ('${id('2')}', '${id('1')}')`, '21'],
    ["span.name = 'llm' AND span.type = 'LLM'", '5'],
    ["span.name = 'llm' AND span.status = 'ERROR'", ''],
    ["span.content LIKE '%where is%'", '5'],
    ["text ILIKE '%WHERE IS%'", '5'],
    ["text LIKE '%Größe%'", '5'],
    ["span.attributes.answer = 'Größe 7'", '5'],
    ["span.name RLIKE '^l+m$'", '5'],
    ["feedback.good = 'yes'", '6'],
    ["feedback.good != 'yes'", ''],
    ['feedback.good IS NOT NULL', '6'],
    ['tags.nothing IS NULL AND end_time_ms < 1767225604001', '21'],
  ];
  for (const [filter, digits] of cases) assert.equal((await search(filter)).digits, digits, filter);
  assert.equal((await search('', { order_by: ['execution_time_ms ASC'], max_results: 3 })).digits, '123');
  assert.equal((await search('', { order_by: ['name DESC', 'timestamp_ms ASC'] })).digits, '567891234');
  let seen = '';
  let token: string | undefined;
  do {
    const page = await search('', { max_results: 4, page_token: token });
    seen += page.digits;
    token = page.next;
  } while (token !== undefined);
  assert.equal(seen, '987654321');
  const refused = async (request: object) =>
    (await api.call('POST', '/api/3.0/mlflow/traces/search', { locations: [{ mlflow_experiment: { experiment_id: '0' } }], ...request }))
      .body.error_code;
  for (const request of [
    { filter: "status = 'OK' AND" },
    { filter: 'nothing = 1' },
    { page_token: 'eyJ' },
    { max_results: 501 },
    { filter: "name RLIKE '(a)\\1'" },
    { filter: "name RLIKE '('" },
  ])
    assert.equal(await refused(request), 'INVALID_PARAMETER_VALUE', JSON.stringify(request));
  assert.equal(await refused({ filter: String.raw`name RLIKE '\p{L}'` }), 'INVALID_PARAMETER_VALUE');
  // A pattern that only one of the databases knows is refused by the other in clear words.
  assert.equal(
    await refused({ filter: "name RLIKE '(?<word>a)'" }),
    setting.database.dialect === 'postgres' ? 'INVALID_PARAMETER_VALUE' : undefined,
  );
  const old = await api.call('GET', `/api/2.0/mlflow/traces?experiment_ids=0&max_results=1&filter=${encodeURIComponent("name = 'ask'")}`);
  assert.equal(old.body.traces![0]!.request_id, id('4'));
  const pair = {
    experiment_ids: ['0'],
    filter_string1: "name = 'ask'",
    filter_string2: "tags.team = 't0'",
    base_filter: 'timestamp_ms > 0',
  };
  const { body } = await api.call('POST', '/api/3.0/mlflow/traces/calculate-filter-correlation', pair);
  assert.deepEqual([body.filter1_count, body.filter2_count, body.joint_count, body.total_count], [4, 4, 2, 9]);
  assert.ok(Math.abs(Number(body.npmi) - Math.log(2 / 9 / ((4 / 9) * (4 / 9))) / -Math.log(2 / 9)) < 1e-12);
});

testTracking('clients before version 3 begin and end a trace; tags, links and deletions', async (setting) => {
  const api = openTraces(setting);
  const begun = await api.call('POST', '/api/2.0/mlflow/traces', {
    experiment_id: '0',
    timestamp_ms: 1000,
    request_metadata: [{ key: 'mlflow.traceInputs', value: '{"a":1}' }],
    tags: [{ key: 'k', value: 'v' }],
  });
  const old = String(begun.body.trace_info!.request_id);
  assert.match(old, /^tr-[0-9a-f]{32}$/);
  assert.equal(begun.body.trace_info!.status, 'IN_PROGRESS');
  const ended = await api.call('PATCH', `/api/2.0/mlflow/traces/${old}`, {
    timestamp_ms: 1600,
    status: 'OK',
    request_metadata: [],
    tags: [],
  });
  assert.deepEqual([ended.body.trace_info!.status, ended.body.trace_info!.execution_time_ms], ['OK', 600]);
  assert.equal((await api.call('GET', `/api/2.0/mlflow/traces/${old}/info`)).body.trace_info!.tags!.length, 2);
  assert.equal((await setting.tracking.trace('flights', old)).requestPreview, '{"a":1}');
  for (const version of ['2.0', '3.0']) {
    const path = `/api/${version}/mlflow/traces/${old}/tags`;
    assert.equal((await api.call('PATCH', path, { key: 'z', value: 'x'.repeat(9000) })).status, 200);
    assert.equal((await setting.tracking.trace('flights', old)).tags['z']?.length, 8000);
    assert.equal((await api.call('DELETE', path, { key: 'z' })).status, 200);
    const again = await api.call('DELETE', path, { key: 'z' });
    assert.deepEqual([again.status, String(again.body.message).startsWith('No trace tag with key')], [404, true]);
  }
  await api.call('PATCH', `/api/2.0/mlflow/traces/${old}/tags`, { key: 'mlflow.traceName', value: 'renamed' });
  await api.call('POST', '/api/2.0/mlflow/traces/link-to-run', { trace_ids: [old], run_id: 'r1' });
  await api.call('POST', '/api/3.0/mlflow/traces/link-prompts', { trace_id: old, prompt_versions: [{ name: 'p/q', version: '2' }] });
  const trace = await setting.tracking.trace('flights', old);
  assert.deepEqual([trace.name, trace.runs, trace.tags['mlflow.linkedPrompts']], ['renamed', ['r1'], '[{"name":"p/q","version":"2"}]']);
  const byPrompt = await api.call('GET', `/api/2.0/mlflow/traces?experiment_ids=0&filter=${encodeURIComponent("prompt = 'p/q/2'")}`);
  assert.equal(byPrompt.body.traces!.length, 1);
  for (let index = 1; index <= 4; index++)
    await api.call('POST', '/api/3.0/mlflow/traces', tell(`abc${index}`, { at: `2026-01-0${index}T00:00:00Z` }));
  const path = '/api/3.0/mlflow/traces/delete-traces';
  for (const wrong of [
    {},
    { request_ids: [old], max_timestamp_millis: 1 },
    { request_ids: [old], max_traces: 1 },
    { max_timestamp_millis: 1, max_traces: 0 },
  ])
    assert.equal((await api.call('POST', path, { experiment_id: '0', ...wrong })).body.error_code, 'INVALID_PARAMETER_VALUE');
  assert.equal((await api.call('POST', path, { experiment_id: '0', request_ids: [old, 'none'] })).body.traces_deleted, 1);
  assert.equal(
    (await api.call('POST', path, { experiment_id: '0', max_timestamp_millis: Date.parse('2026-01-04'), max_traces: 3 })).body
      .traces_deleted,
    3,
  );
  assert.equal(await setting.tracking.countTraces({ project: 'flights' }), 1);
  const deletions = (await setting.events.find({ types: ['traces.deleted'] })).map((event) => event.data['traces']);
  assert.deepEqual(deletions, [1, 3]);
});
