import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors } from '#kernel/errors.ts';
import { testMlflow } from '../testing.ts';
import { cleanReply, field, metricNumber, MlflowError, mlflowRoute, rawReply } from './index.ts';

const errors = defineErrors('orchard', {
  'tree-exists': { kind: 'conflict', message: () => 'There is such a tree.' },
  'tree-locked': { kind: 'conflict', message: () => 'The tree is locked.', hint: () => 'Unlock it.' },
  'too-many': { kind: 'overloaded', message: () => 'Too many at once.' },
  stranger: { kind: 'authentication', message: () => 'Who are you?' },
});

const fields = {
  name: field.text().required(),
  count: field.whole(),
  weight: field.number(),
  ripe: field.flag(),
  kind: field.choice({ APPLE: 1, PEAR: 2 }),
  labels: field.list(field.message({ key: field.text().required(), value: field.text() })),
  notes: field.map(),
  picked_at: field.whole(),
};

const echo = mlflowRoute({
  method: 'post',
  path: '2.0/orchard/echo',
  action: 'runs:write',
  summary: 'Says what it read',
  request: fields,
  aliases: { tree_name: 'name' },
  handle: (input) => cleanReply({ ...input, weight: input.weight === undefined ? undefined : metricNumber(input.weight) }),
});

const found = mlflowRoute({
  method: 'get',
  path: '2.0/orchard/trees/{tree}',
  action: 'runs:read',
  summary: 'One tree',
  request: { tree: field.text().required(), ids: field.list(field.text()), deep: field.flag(), most: field.whole() },
  handle: (input, call) => ({ ...input, project: call.project, nothing: [], unset: undefined, nested: { empty: [], kept: '' } }),
});

const throwing = (name: string, thrown: unknown) =>
  mlflowRoute({
    method: 'post',
    path: `2.0/orchard/${name}`,
    action: 'runs:write',
    summary: 'Fails',
    request: {},
    handle: () => {
      throw thrown;
    },
  });

const file = mlflowRoute({
  method: 'get',
  path: '/orchard/files/{path*}',
  action: 'runs:read',
  summary: 'Bytes',
  handle: (_, { params }) => rawReply({ status: 200, body: params['path'] }),
});

const api = testMlflow([
  echo,
  found,
  file,
  throwing('exists', errors['tree-exists']({})),
  throwing('locked', errors['tree-locked']({})),
  throwing('busy', errors['too-many']({})),
  throwing('stranger', errors['stranger']({})),
  throwing('own', new MlflowError('RESOURCE_DOES_NOT_EXIST', 'No tree')),
]);
const send = (message: unknown) => api.call('POST', '/api/2.0/orchard/echo', message);

test('whole numbers and doubles come as numbers or as text', async () => {
  const { body } = await send({ name: 'a', count: '42', weight: '1e-3', picked_at: 5.0 });
  assert.deepEqual(body, { name: 'a', count: 42, weight: 0.001, picked_at: 5 });
  assert.deepEqual((await send({ name: 'a', weight: 'NaN' })).body, { name: 'a', weight: 'NaN' });
  assert.deepEqual((await send({ name: 'a', weight: '-Infinity' })).body, { name: 'a', weight: -1.7976931348623157e308 });
});

test('names may be in camel case or old, null is unset, what is unknown is left alone', async () => {
  assert.deepEqual((await send({ name: 'a', pickedAt: 7, count: null, colour: 'red' })).body, { name: 'a', picked_at: 7 });
  assert.deepEqual((await send({ tree_name: 'b', name: null })).body, { name: 'b' });
  assert.deepEqual((await send({ name: 'a', kind: 2 })).body, { name: 'a', kind: 'PEAR' });
  assert.deepEqual((await send({ name: 'a', kind: 'PLUM' })).body, { name: 'a' });
});

test('what is missing or of the wrong type is named with its place', async () => {
  const missing = await send({ labels: [{ value: 'x' }] });
  assert.equal(missing.status, 400);
  assert.match(missing.body.message, /^Missing value for required parameter 'name'/);
  assert.match((await send({ name: 'a', labels: [{ key: 'k' }, {}] })).body.message, /required parameter 'labels\[1\]\.key'/);
  const wrong = await send({ name: 3 });
  assert.deepEqual(wrong.body, {
    error_code: 'INVALID_PARAMETER_VALUE',
    message:
      "Invalid value 3 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs for more information about request parameters.",
  });
  for (const message of [
    { count: 1.5 },
    { count: 'x' },
    { weight: 'heavy' },
    { labels: {} },
    { labels: [null] },
    { notes: { a: 1 } },
    { ripe: 1 },
  ])
    assert.equal((await send({ name: 'a', ...message })).status, 400, JSON.stringify(message));
});

test('numbers that JSON would round and text that no database keeps are refused', async () => {
  assert.match((await send({ name: 'a', count: '9223372036854775807' })).body.message, /below 2\^53/);
  assert.match((await send({ name: 'a\0b' })).body.message, /no text/);
  assert.match((await send({ name: '\ud800' })).body.message, /no text/);
});

test('bodies that are no JSON object are refused; bare NaN and doubly encoded bodies of old clients are read', async () => {
  const raw = async (body: string, type = 'application/json; charset=utf-8') => {
    const reply = await api.raw('POST', '/ajax-api/2.0/orchard/echo', { body, headers: { 'content-type': type } });
    return { status: reply.status, text: reply.body.toString('utf8') };
  };
  assert.equal((await raw('{"name": "NaN", "weight": NaN}')).text, '{"name":"NaN","weight":"NaN"}');
  assert.equal((await raw(JSON.stringify('{"name":"a"}'))).text, '{"name":"a"}');
  assert.equal((await raw('{"name": "a \\\\\\" NaN \\\\", "weight": NaN}')).text, '{"name":"a \\\\\\" NaN \\\\","weight":"NaN"}');
  assert.match((await raw(`{"weight": NaN, "name": "${'\\"'.repeat(6_000_000)}`)).text, /not valid JSON/, 'a long text without end');
  for (const body of ['{', '[]', '3', '{"name": }', 'null']) assert.match((await raw(body)).text, /not valid JSON/, body);
  assert.match((await raw('name=a', 'application/x-www-form-urlencoded')).text, /Content-Type must be one of/);
});

test('queries are read by type, path names are merged in, empty lists and unset members are left out', async () => {
  const { body } = await api.call('GET', '/api/2.0/orchard/trees/old%20oak?ids=a&ids=b&deep=True&most=7');
  assert.deepEqual(body, { tree: 'old oak', ids: ['a', 'b'], deep: true, most: 7, project: 'flights', nested: { kept: '' } });
  const elsewhere = await api.call('GET', '/projects/other/ajax-api/2.0/orchard/trees/x');
  assert.equal(elsewhere.body.project, 'other');
});

test('errors speak the words of the protocol', async () => {
  const of = async (name: string) => {
    const { status, body } = await api.call('POST', `/api/2.0/orchard/${name}`, {});
    return [status, body.error_code, body.message];
  };
  assert.deepEqual(await of('exists'), [400, 'RESOURCE_ALREADY_EXISTS', 'There is such a tree.']);
  assert.deepEqual(await of('locked'), [400, 'INVALID_PARAMETER_VALUE', 'The tree is locked. Unlock it.']);
  assert.deepEqual(await of('own'), [404, 'RESOURCE_DOES_NOT_EXIST', 'No tree']);
  assert.deepEqual(await of('busy'), [429, 'REQUEST_LIMIT_EXCEEDED', 'Too many at once.']);
  assert.equal((await api.raw('POST', '/api/2.0/orchard/busy')).headers['retry-after'], '1');
  assert.equal((await api.raw('POST', '/api/2.0/orchard/stranger')).headers['www-authenticate'], 'Basic realm="ripen"');
});

test('the rest of a path is one decoded name', async () => {
  assert.equal((await api.raw('GET', '/orchard/files/a/b%20c/%C3%BC.txt')).body.toString(), 'a/b c/ü.txt');
});
