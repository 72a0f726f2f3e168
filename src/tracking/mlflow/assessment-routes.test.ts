import assert from 'node:assert/strict';
import { testTracking } from '../testing.ts';
import type { TraceWithSpansWire } from '../traces/wire.ts';
import { id, openTraces, tell } from './trace-testing.ts';

testTracking('an assessment takes the place of another and gives it back; issues count their traces', async (setting) => {
  const api = openTraces(setting);
  await api.call('POST', '/api/3.0/mlflow/traces', tell('1'));
  const path = `/api/3.0/mlflow/traces/${id('1')}/assessments`;
  const add = async (assessment: object) => (await api.call('POST', path, { assessment })).body.assessment!;
  const source = { source_type: 'LLM_JUDGE', source_id: 'm' };
  const first = await add({
    assessment_name: 'ok',
    feedback: { value: { deep: [] } },
    source,
    rationale: 'why',
    metadata: { a: 'b' },
    span_id: 'ab',
  });
  assert.match(String(first.assessment_id), /^a-/);
  assert.deepEqual([first.feedback!.value, first.source, first.valid, first.span_id], [{ deep: [] }, source, true, 'ab']);
  const second = await add({ assessment_name: 'ok', feedback: { value: false }, source, overrides: first.assessment_id });
  const get = async (which: string) => (await api.call('GET', `${path}/${which}`)).body.assessment;
  assert.equal((await get(first.assessment_id))?.valid, false);
  const patched = await api.call('PATCH', `${path}/${second.assessment_id}`, {
    assessment: { feedback: { value: 0.5 }, rationale: 'left out', metadata: { c: 'd' } },
    update_mask: 'feedback,metadata',
  });
  assert.deepEqual(
    [patched.body.assessment!.feedback, patched.body.assessment!.rationale, patched.body.assessment!.metadata],
    [{ value: 0.5 }, undefined, { c: 'd' }],
  );
  assert.equal(
    (await api.call('PATCH', `${path}/${second.assessment_id}`, { assessment: { expectation: { value: 1 } }, update_mask: 'expectation' }))
      .status,
    400,
  );
  assert.equal((await api.call('DELETE', `${path}/${second.assessment_id}`)).status, 200);
  assert.equal((await get(first.assessment_id))?.valid, true);
  assert.equal((await api.call('GET', `${path}/a-none`)).status, 404);
  const expected = await add({
    assessment_name: 'answer',
    expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":[1]}' } },
    source,
  });
  assert.deepEqual(expected.expectation, { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":[1]}' } });
  const created = await api.call('POST', '/api/3.0/mlflow/issues', {
    experiment_id: '0',
    name: 'slow',
    description: 'too slow',
    categories: ['speed'],
  });
  const issue = created.body.issue!;
  assert.deepEqual([String(issue.issue_id).startsWith('iss-'), issue.status], [true, 'pending']);
  await add({ assessment_name: issue.issue_id, issue: { issue_name: 'slow' }, source });
  await api.call('PATCH', `/api/3.0/mlflow/issues/${issue.issue_id}`, { status: 'resolved' });
  const found = await api.call('POST', '/api/3.0/mlflow/issues/search', { experiment_id: '0', filter_string: "status = 'resolved'" });
  assert.deepEqual([found.body.issues!.length, found.body.issues![0]!.trace_count], [1, 1]);
});

testTracking('figures of traces are sums, means and percentiles by dimensions and time', async (setting) => {
  const api = openTraces(setting);
  for (let index = 1; index <= 5; index++)
    await api.call(
      'POST',
      '/api/3.0/mlflow/traces',
      tell(String(index), {
        at: `2026-01-01T0${index}:30:00Z`,
        duration: `${index}s`,
        tags: { 'mlflow.traceName': index === 5 ? 'b' : 'a' },
      }),
    );
  const ask = async (request: object) => {
    const { status, body } = await api.call('POST', '/api/3.0/mlflow/traces/metrics', { experiment_ids: ['0'], view_type: 1, ...request });
    return status === 200 ? (body.data_points ?? []) : status;
  };
  const latency = await ask({
    metric_name: 'latency',
    aggregations: [{ aggregation_type: 'AVG' }, { aggregation_type: 'PERCENTILE', percentile_value: 25 }],
    dimensions: ['trace_name'],
  });
  assert.deepEqual(latency, [
    { metric_name: 'latency', dimensions: { trace_name: 'a' }, values: { AVG: 2500, 'P25.0': 1750 } },
    { metric_name: 'latency', dimensions: { trace_name: 'b' }, values: { AVG: 5000, 'P25.0': 5000 } },
  ]);
  const times = { time_interval_seconds: 7200, start_time_ms: Date.parse('2026-01-01'), end_time_ms: Date.parse('2026-01-02') };
  const counts = await ask({
    metric_name: 'trace_count',
    aggregations: [{ aggregation_type: 1 }],
    ...times,
    filters: ["trace.tag.`mlflow.traceName` = 'a'"],
  });
  assert.deepEqual(counts, [
    { metric_name: 'trace_count', dimensions: { time_bucket: '2026-01-01T00:00:00+00:00' }, values: { COUNT: 1 } },
    { metric_name: 'trace_count', dimensions: { time_bucket: '2026-01-01T02:00:00+00:00' }, values: { COUNT: 2 } },
    { metric_name: 'trace_count', dimensions: { time_bucket: '2026-01-01T04:00:00+00:00' }, values: { COUNT: 1 } },
  ]);
  for (const wrong of [
    { metric_name: 'nothing' },
    { metric_name: 'latency', dimensions: ['nothing'] },
    { metric_name: 'latency', time_interval_seconds: 5 },
  ])
    assert.equal(await ask({ aggregations: [{ aggregation_type: 'AVG' }], ...wrong }), 400);
});

testTracking('spans that a client before version 3 keeps in a file are shown, and go with their trace', async (setting) => {
  const api = openTraces(setting);
  await api.call('POST', '/api/3.0/mlflow/traces', tell('1'));
  const holder = { kind: 'trace', project: 'flights', trace: id('1') } as const;
  const content = `{"spans": [
    {"name": "root", "context": {"span_id": "0x00000000000000aa", "trace_id": "0x1"}, "parent_id": null, "start_time": 1700000000000000001,
     "end_time": 1700000000500000002, "status_code": "OK", "status_message": "",
     "attributes": {"mlflow.traceRequestId": "\\"${id('1')}\\"", "mlflow.spanInputs": "{\\"q\\": \\"5\\"}", "mlflow.spanType": "\\"CHAIN\\""}, "events": []},
    {"name": "new", "span_id": "AAAAAAAAALs=", "parent_span_id": "AAAAAAAAAKo=", "start_time_unix_nano": 1700000000100000000,
     "end_time_unix_nano": 1700000000200000000, "status": {"code": "STATUS_CODE_ERROR", "message": "boom"}, "attributes": {},
     "events": [{"name": "exception", "time_unix_nano": 1700000000150000000, "attributes": {"exception.type": "ValueError"}}]}]}`;
  await setting.tracking.putFile({ holder, name: 'traces.json' }, { content: Buffer.from(content) });
  const path = `/api/v1/projects/flights/traces/${id('1')}`;
  const shown = await setting.api.call<TraceWithSpansWire>('GET', path);
  assert.deepEqual(
    shown.spans.map(({ id: span, parent, name, type, status, at, duration, inputs }) => [
      span,
      parent,
      name,
      type,
      status,
      at,
      duration,
      inputs,
    ]),
    [
      ['00000000000000aa', undefined, 'root', 'CHAIN', 'ok', 0, 500.000001, { q: '5' }],
      ['00000000000000bb', '00000000000000aa', 'new', 'UNKNOWN', 'error', 99.999999, 100, undefined],
    ],
  );
  assert.equal(shown.spans[1]?.events[0]?.name, 'exception');
  const file = await api.raw('GET', `/ajax-api/2.0/mlflow/get-trace-artifact?request_id=${id('1')}`, {});
  assert.equal(file.body.toString('utf8'), content);
  await setting.tracking.putFile({ holder, name: 'traces.json' }, { content: Buffer.from('{"spans": [') });
  assert.deepEqual((await setting.api.call<TraceWithSpansWire>('GET', path)).spans, []);
  await setting.api.call('DELETE', path);
  assert.deepEqual(await setting.tracking.files({ holder, name: '' }), []);
  await setting.api.call('GET', path, undefined, { status: 404 });
});

testTracking('old traces are deleted by time; what is not clear is refused', async (setting) => {
  const api = openTraces(setting);
  for (const day of ['1', '2', '3']) await api.call('POST', '/api/3.0/mlflow/traces', tell(day, { at: `2026-01-0${day}T00:00:00Z` }));
  const base = '/api/v1/projects/flights/trace-deletions';
  for (const wrong of [{}, { most: 1 }, { traces: [id('1')], until: 1 }, { until: 1, most: 0 }])
    await setting.api.call('POST', base, wrong, { status: 400 });
  await setting.api.call('POST', base, { until: Date.parse('2026-01-02'), experiment: 'nothing' }, { status: 404 });
  assert.deepEqual(await setting.api.call('POST', base, { until: Date.parse('2026-01-02'), experiment: 'Default' }), { deleted: 2 });
  assert.deepEqual(await setting.api.call('GET', '/api/v1/projects/flights/trace-count'), { count: 1 });
  assert.deepEqual(await setting.api.call('GET', '/api/v1/projects/other/trace-count'), { count: 0 });
});
