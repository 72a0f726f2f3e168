import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, testTracking } from '../testing.ts';
import type { Span } from './model.ts';
import { previewOf } from './preview.ts';
import { sumUse } from './summarise-spans.ts';
import { factsOf, translateSpan } from './translate-span.ts';

const second = 1_000_000_000n;
const began = 1_700_000_000n * second;

export function span(id: string, more: Partial<Span> = {}): Span {
  return {
    id: id.padStart(16, '0'),
    parent: undefined,
    name: id,
    kind: 1,
    startedAt: began,
    endedAt: began + second,
    status: 'ok',
    statusMessage: undefined,
    traceState: undefined,
    attributes: {},
    events: [],
    links: [],
    ...more,
  };
}

const id = (digit: string) => `tr-${digit.padStart(32, '0')}`;
const usage = (input: number, output: number) => ({
  'mlflow.chat.tokenUsage': { input_tokens: input, output_tokens: output, total_tokens: input + output },
});

testTracking('spans alone make a trace, and its root says how it ended', async ({ tracking }) => {
  const upload = (spans: readonly Span[]) =>
    tracking.recordSpans(context, {
      project: 'flights',
      experiment: { sequence: 0 },
      spans: spans.map((each) => ({ trace: id('1'), span: each })),
    });
  const child = span('b', {
    parent: 'a'.padStart(16, '0'),
    startedAt: began + second,
    endedAt: began + 3n * second,
    attributes: usage(10, 5),
  });
  await upload([child]);
  const before = await tracking.trace('flights', id('1'));
  assert.deepEqual([before.state, before.name, before.spans, before.duration], ['in-progress', undefined, 1, 2000]);
  const root = span('a', {
    name: 'answer',
    endedAt: began + 4n * second + 5n,
    status: 'error',
    statusMessage: 'boom',
    attributes: {
      'mlflow.spanInputs': {
        messages: [
          { role: 'system', content: 'be kind' },
          { role: 'user', content: 'late?' },
        ],
      },
      'mlflow.spanOutputs': 'no',
      'session.id': 's1',
      'user.id': 'ann',
      'mlflow.traceTag.team': 'ops',
    },
  });
  await upload([root, span('c', { parent: 'a'.padStart(16, '0'), attributes: usage(1, 1) })]);
  // A lost answer: the same upload again changes nothing.
  await upload([root]);
  const [found] = await tracking.tracesWithSpans('flights', [id('1'), 'tr-none']);
  assert.ok(found);
  const { trace, spans } = found;
  assert.deepEqual(
    [trace.state, trace.name, trace.spans, trace.requestedAt, trace.duration, trace.requestPreview, trace.responsePreview],
    ['error', 'answer', 3, 1_700_000_000_000, 4000, 'late?', 'no'],
  );
  assert.deepEqual(trace.tokens, { input: 11, output: 6, total: 17 });
  assert.deepEqual(
    { ...trace.metadata },
    {
      'mlflow.trace.session': 's1',
      'mlflow.trace.tokenUsage': '{"input_tokens":11,"output_tokens":6,"total_tokens":17}',
      'mlflow.trace.user': 'ann',
    },
  );
  assert.deepEqual({ ...trace.tags }, { team: 'ops' });
  assert.equal(spans.find(({ name }) => name === 'answer')?.endedAt, began + 4n * second + 5n);
});

testTracking('what a client tells of a trace counts, whichever comes first', async ({ tracking }) => {
  const told = (trace: string) =>
    tracking.recordTrace(context, {
      project: 'flights',
      experiment: { sequence: 0 },
      id: trace,
      state: 'ok',
      requestedAt: 5000,
      duration: 70,
      requestPreview: 'told',
      tags: { 'mlflow.traceName': 'told', a: '1' },
      metadata: { 'mlflow.sourceRun': 'run1', 'mlflow.trace.tokenUsage': '{"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}' },
    });
  const upload = (trace: string) =>
    tracking.recordSpans(context, {
      project: 'flights',
      experiment: { sequence: 0 },
      spans: [{ trace, span: span('a', { attributes: { ...usage(5, 5), 'mlflow.spanOutputs': { x: 1 } } }) }],
    });
  await told(id('1'));
  await upload(id('1'));
  await upload(id('2'));
  await told(id('2'));
  await told(id('2'));
  const [first, other] = await tracking.traces('flights', [id('1'), id('2')]);
  assert.deepEqual({ ...first, id: undefined }, { ...other, id: undefined });
  assert.deepEqual(
    [first?.name, first?.state, first?.requestedAt, first?.duration, first?.requestPreview, first?.responsePreview, first?.spans],
    ['told', 'ok', 5000, 70, 'told', '{"x":1}', 1],
  );
  assert.deepEqual([first?.tokens, first?.runs], [{ input: 1, output: 2, total: 3 }, ['run1']]);
});

testTracking('a trace is of one project, and two projects may have the same id', async ({ tracking }) => {
  const other = { ...context, project: 'other' };
  const upload = (project: string, name: string) =>
    tracking.recordSpans(project === 'other' ? other : context, {
      project,
      experiment: { sequence: 0 },
      spans: [{ trace: id('1'), span: span('a', { name }) }],
    });
  await upload('flights', 'mine');
  await assert.rejects(tracking.trace('other', id('1')), { code: 'tracking.trace-not-found' });
  await upload('other', 'theirs');
  assert.deepEqual([(await tracking.trace('flights', id('1'))).name, (await tracking.trace('other', id('1'))).name], ['mine', 'theirs']);
});

testTracking('uploads of one trace at the same time lose nothing', async ({ tracking }) => {
  const uploads = Array.from({ length: 12 }, (_, index) =>
    tracking.recordSpans(context, {
      project: 'flights',
      experiment: { sequence: 0 },
      spans: [id('1'), id('2')].map((trace) => ({
        trace,
        span: span(index.toString(16), { attributes: usage(1, 0), parent: index === 0 ? undefined : '0'.repeat(15) + 'f' }),
      })),
    }),
  );
  await Promise.all(uploads);
  for (const trace of await tracking.traces('flights', [id('1'), id('2')])) assert.deepEqual([trace.spans, trace.tokens?.total], [12, 12]);
});

testTracking('texts that databases refuse are kept without what they refuse', async ({ tracking }) => {
  const bad = 'a\0b\ud800c\\u0000';
  await tracking.recordSpans(context, {
    project: 'flights',
    experiment: { sequence: 0 },
    spans: [{ trace: id('1'), span: span('a', { name: bad, attributes: { [bad]: bad, __proto__: 'x', 'mlflow.spanInputs': bad } }) }],
  });
  const [found] = await tracking.tracesWithSpans('flights', [id('1')]);
  assert.equal(found?.spans[0]?.attributes['mlflow.spanInputs'], 'a\uFFFDb\uFFFDc\\u0000');
  await assert.rejects(
    tracking.recordSpans(context, {
      project: 'flights',
      experiment: { sequence: 0 },
      spans: [{ trace: id('2'), span: span('a', { startedAt: 2n ** 64n }) }],
    }),
    { code: 'tracking.trace-invalid' },
  );
});

test('only the topmost span with a figure counts on each path', () => {
  const tokens = (total: number) => ({ input: total, output: 0, total });
  const node = (name: string, parent: string | undefined, total?: number) => ({
    id: name,
    parent,
    tokens: total === undefined ? undefined : tokens(total),
    cost: undefined,
  });
  const nodes = [
    node('leaf', 'mid', 1),
    node('mid', 'sum'),
    node('sum', 'root', 7),
    node('root', undefined),
    node('other', 'root', 2),
    node('lost', 'gone', 4),
  ];
  assert.equal(sumUse(nodes).tokens?.total, 13);
  assert.equal(sumUse([node('a', 'b', 1), node('b', 'a')]).tokens?.total, 1);
  assert.equal(sumUse([]).tokens, undefined);
});

test('the vocabularies of other instrumentations are understood', () => {
  const facts = (attributes: Span['attributes'], events: Span['events'] = []) => factsOf(translateSpan(span('a', { attributes, events })));
  const genAi = facts({
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.usage.cache_read.input_tokens': 4,
    'gen_ai.response.model': 'm-1',
    'gen_ai.system': 'acme',
    'gen_ai.input.messages': '[{"role":"user","content":"hi"}]',
  });
  assert.deepEqual(genAi, {
    type: 'CHAT_MODEL',
    inputs: [{ role: 'user', content: 'hi' }],
    outputs: undefined,
    tokens: { input: 12, output: 3, total: 15, cacheRead: 4 },
    cost: undefined,
    model: 'm-1',
    provider: 'acme',
    session: undefined,
    user: undefined,
  });
  const inference = facts({
    'openinference.span.kind': 'RETRIEVER',
    'output.value': 'docs',
    'llm.token_count.total': '9',
    'llm.cost.total': 0.5,
  });
  assert.deepEqual([inference.type, inference.outputs, inference.tokens?.total, inference.cost?.total], ['RETRIEVER', 'docs', 9, 0.5]);
  const loop = facts({
    'traceloop.span.kind': 'tool',
    'gen_ai.prompt.1.content': 'b',
    'gen_ai.prompt.0.role': 'user',
    'gen_ai.prompt.0.content': 'a',
  });
  assert.deepEqual([loop.type, loop.inputs], ['TOOL', [{ role: 'user', content: 'a' }, { content: 'b' }]]);
  const vercel = facts({
    'ai.operationId': 'ai.generateText',
    'ai.prompt': '{"prompt":"x"}',
    'ai.response.text': 'y',
    'ai.usage.promptTokens': 2,
  });
  assert.deepEqual([vercel.type, vercel.inputs, vercel.outputs, vercel.tokens?.input], ['LLM', { prompt: 'x' }, 'y', 2]);
  const event = { name: 'gen_ai.user.message', time: 0n, attributes: { content: 'hey' } };
  assert.deepEqual(facts({}, [event]).inputs, [{ role: 'user', content: 'hey' }]);
  const own = facts({ 'mlflow.spanType': 'AGENT', 'mlflow.spanInputs': 1, 'openinference.span.kind': 'TOOL', 'input.value': 'no' });
  assert.deepEqual([own.type, own.inputs], ['AGENT', 1]);
});

test('a preview is the last message of its role, or the JSON, cut', () => {
  assert.equal(previewOf({ choices: [{ message: { role: 'assistant', content: [{ type: 'text', text: 'ok' }] } }] }, 'assistant'), 'ok');
  assert.equal(previewOf('{"a": 1}', 'user'), '{"a": 1}');
  assert.equal(previewOf([], 'user'), '[]');
  assert.equal(previewOf(undefined, 'user'), undefined);
  assert.equal(previewOf('x'.repeat(3000), 'user')?.length, 1000);
});
