import assert from 'node:assert/strict';
import { request as nodeRequest } from 'node:http';
import { test } from 'node:test';
import { z } from 'zod';
import { defineErrors } from '../errors.ts';
import { systemActor } from '../events/index.ts';
import { endpoint, eventStream, listen, mountEndpoints, openApiDocument, type Problem } from './index.ts';
import { testApi } from './testing.ts';

const errors = defineErrors('orchard', {
  'no-such-pear': { kind: 'not-found', message: (a: { name: string }) => `There is no pear ${a.name}.`, hint: () => 'Plant one.' },
});

const getPear = endpoint({
  method: 'get',
  path: '/api/v1/pears/{name}',
  id: 'orchard.get-pear',
  action: 'pears:read',
  summary: 'One pear',
  params: z.object({ name: z.string() }),
  query: z.object({ ripe: z.stringbool().optional() }),
  result: z.object({ name: z.string(), ripe: z.boolean() }),
  handle({ params, query }) {
    if (params.name === 'none') throw errors['no-such-pear']({ name: params.name });
    if (params.name === 'worm') throw new Error('unexpected');
    return { name: params.name, ripe: query.ripe ?? false };
  },
});

const addPear = endpoint({
  method: 'post',
  path: '/api/v1/pears',
  id: 'orchard.add-pear',
  action: 'pears:write',
  summary: 'Adds a pear',
  status: 201,
  bodyLimit: 100,
  body: z.object({ name: z.string().min(1), grams: z.number().int().positive() }),
  result: z.object({ name: z.string() }),
  handle: ({ body }) => ({ name: body.name }),
});

const watchPears = endpoint({
  method: 'get',
  path: '/api/v1/pears-stream',
  id: 'orchard.watch',
  action: 'pears:read',
  summary: 'Pears as they ripen',
  rawResult: 'text/event-stream',
  handle: ({ request }) =>
    eventStream(
      (async function* () {
        yield { id: '1', event: 'pear', data: { name: 'a\nb' } };
      })(),
      request.signal,
    ),
});

const api = testApi([getPear, addPear, watchPears]);

test('parameters are parsed and the result is JSON', async () => {
  assert.deepEqual(await api.call('GET', '/api/v1/pears/Abate?ripe=true'), { name: 'Abate', ripe: true });
  assert.deepEqual(await api.call('POST', '/api/v1/pears', { name: 'Abate', grams: 180 }, { status: 201 }), { name: 'Abate' });
});

test('errors are problem documents with code, cause and way out', async () => {
  const missing = await api.call<Problem>('GET', '/api/v1/pears/none', undefined, { status: 404 });
  assert.equal(missing.code, 'orchard.no-such-pear');
  assert.equal(missing.hint, 'Plant one.');
  const invalid = await api.call<Problem>('POST', '/api/v1/pears', { name: '', grams: 1.5 }, { status: 400 });
  assert.match(invalid.detail, /name: .*grams: /);
  assert.equal((await api.call<Problem>('GET', '/api/v1/pears/worm', undefined, { status: 500 })).code, 'kernel.internal');
});

test('a NUL in an address is refused: no database keeps one', async () => {
  const api = testApi([getPear]);
  for (const path of ['/api/v1/pears/a%00b', '/api/v1/pears/a?ripe=%00', '/api/v1/pears/a?ripe=true&ripe=%00']) {
    const problem = await api.call<Problem>('GET', path, undefined, { status: 400 });
    assert.equal(problem.code, 'http.invalid-input');
    assert.match(problem.detail, /NUL/);
  }
});

test('malformed and oversized bodies are refused', async () => {
  const malformed = await api.request('/api/v1/pears', { method: 'POST', body: '{"name":' });
  assert.equal(((await malformed.json()) as Problem).code, 'http.malformed-json');
  const large = await api.request('/api/v1/pears', { method: 'POST', body: JSON.stringify({ name: 'x'.repeat(200), grams: 1 }) });
  assert.equal(large.status, 413);
});

test('a stream of server-sent events has ids and one-line data', async () => {
  const text = await (await api.request('/api/v1/pears-stream')).text();
  assert.equal(text, ': open\n\nid: 1\nevent: pear\ndata: {"name":"a\\nb"}\n\n');
});

test('who may not do it is refused before anything is parsed', async () => {
  const app = mountEndpoints({
    endpoints: [addPear],
    admit: async (_, action) => {
      throw defineErrors('test', { no: { kind: 'not-allowed', message: (a: { action: string }) => a.action } }).no({ action });
    },
    nextRequestId: () => 'request-1',
  });
  const response = await app.request('/api/v1/pears', { method: 'POST', body: 'not json' });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('x-request-id'), 'request-1');
});

test('the OpenAPI document describes parameters, body and answers', () => {
  const document = openApiDocument([getPear, addPear], '0.1.0') as {
    paths: Record<string, Record<string, { operationId: string; parameters: unknown[] }>>;
  };
  assert.equal(document.paths['/api/v1/pears/{name}']?.['get']?.operationId, 'orchard.get-pear');
  assert.equal(document.paths['/api/v1/pears/{name}']?.['get']?.parameters.length, 2);
});

test('foreign hosts and foreign origins are refused, programs and own pages pass', async () => {
  const app = mountEndpoints({
    endpoints: [getPear, addPear],
    admit: async () => systemActor,
    nextRequestId: () => 'request-1',
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0, nextRequestId: () => 'request-1' });
  const status = (headers: Record<string, string>) => send(server.port, headers);
  try {
    assert.equal(await status({}), 201);
    assert.equal(await status({ origin: server.address }), 201);
    assert.equal(await status({ host: 'evil.example' }), 403);
    assert.equal(await status({ origin: 'https://evil.example' }), 403);
    assert.equal(await status({ 'sec-fetch-site': 'cross-site' }), 403);
    await assert.rejects(listen(app, { host: '127.0.0.1', port: server.port, nextRequestId: () => '' }), { code: 'http.port-taken' });
  } finally {
    await server.close();
  }
});

function send(port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/pears', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(JSON.stringify({ name: 'Abate', grams: 180 }));
  });
}
