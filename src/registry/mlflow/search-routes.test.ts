import assert from 'node:assert/strict';
import type { MlflowMessage } from '#tracking/testing.ts';
import { smallModel } from '../onnx/testing.ts';
import { context, testRegistry } from '../testing.ts';
import type { VersionHeaderWire } from '../wire.ts';
import { clientOf, models, versions } from './testing.ts';

testRegistry('searches: filters, orders, pages, and prompts that are hidden', async (setting) => {
  const { send, refused, create } = clientOf(setting);
  for (const [index, name] of ['a', 'B', 'c', 'x_y', 'xzy'].entries()) {
    setting.clock.advance(1000);
    await send('POST', `${models}/create`, { name, tags: [{ key: 'n', value: String(index % 2) }] });
    await create('s3://b/m', { tags: [{ key: 'of', value: name }], ...(index === 0 ? { run_id: 'r1' } : {}) }, name);
  }
  const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
  await send('POST', `${models}/create`, { name: 'greet', tags: prompt });
  await create('dummy-source', { tags: [...prompt, { key: 'mlflow.prompt.text', value: 'Hello {{name}}' }] }, 'greet');
  const names = async (path: string, query: Record<string, string | string[]>) => {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) for (const each of [value].flat()) search.append(key, each);
    const body = await send('GET', `${path}/search?${search.toString()}`);
    return (body['registered_models'] ?? body['model_versions'] ?? ([] as never)).map((each: MlflowMessage) => each['name']);
  };
  assert.deepEqual(await names(models, {}), ['B', 'a', 'c', 'x_y', 'xzy']);
  assert.deepEqual(await names(models, { filter: "name ILIKE 'b%'" }), ['B']);
  assert.deepEqual(await names(models, { filter: "tags.n = '1' AND name != 'B'" }), ['x_y']);
  assert.deepEqual(await names(models, { filter: "tag.`mlflow.prompt.is_prompt` != 'true'" }), ['B', 'a', 'c', 'x_y', 'xzy']);
  assert.deepEqual(await names(models, { filter: "tags.`mlflow.prompt.is_prompt` = 'true'" }), ['greet']);
  assert.deepEqual(await names(models, { filter: "name = 'a' OR tags.n = '1'", order_by: ['name DESC'] }), ['x_y', 'a', 'B']);
  assert.deepEqual(await names(models, { order_by: ['timestamp DESC'], max_results: '2' }), ['xzy', 'x_y']);
  assert.deepEqual(await names(versions, {}), ['xzy', 'x_y', 'c', 'B', 'a']);
  assert.deepEqual(await names(versions, { filter: "run_id = 'r1'" }), ['a']);
  assert.deepEqual(await names(versions, { filter: "run_id IN ('r1', 'r2')" }), ['a']);
  assert.deepEqual(await names(versions, { filter: "version_number = 1 and tags.of = 'c'" }), ['c']);
  assert.deepEqual(await names(versions, { filter: "source_path LIKE 's3:%' and name = 'a'" }), ['a']);
  assert.deepEqual(await names(versions, { filter: "tags.`mlflow.prompt.is_prompt` = 'true'" }), ['greet']);
  assert.deepEqual(await names(versions, { filter: "name = 'x'; drop table model_versions'" }).catch(() => 'refused'), 'refused');
  for (const path of [models, versions]) {
    const seen: unknown[] = [];
    let token = '';
    do {
      const page = await send('GET', `${path}/search?max_results=2&order_by=name${token === '' ? '' : `&page_token=${token}`}`);
      seen.push(...(page['registered_models'] ?? page['model_versions'] ?? ([] as never)).map((each: MlflowMessage) => each['name']));
      token = page['next_page_token'] ?? '';
    } while (token !== '');
    assert.deepEqual(seen, ['B', 'a', 'c', 'x_y', 'xzy']);
  }
  const found = await setting.api.call<{ items: VersionHeaderWire[]; next?: string }>(
    'GET',
    `/api/v1/projects/flights/model-versions?limit=1&order=name%20desc&filter=${encodeURIComponent("tags.of != 'a'")}`,
  );
  assert.deepEqual([found.items.map(({ model }) => model), found.next === undefined], [['xzy'], false]);
  await setting.api.call('GET', '/api/v1/projects/flights/models?filter=name', undefined, { status: 400 });
  await setting.api.call('GET', '/api/v1/projects/flights/models?order=nothing', undefined, { status: 400 });
  const { next_page_token: token } = await send('GET', `${models}/search?max_results=2`);
  assert.equal((await refused('GET', `${models}/search?max_results=2&filter=name%3D'a'&page_token=${String(token)}`))[0], 400);
});

testRegistry('a prompt is no model: another list, other events, one name for both', async (setting) => {
  const { send, refused, create } = clientOf(setting);
  const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
  await send('POST', `${models}/create`, { name: 'greet', tags: prompt });
  const made = await create('dummy-source', { tags: prompt }, 'greet');
  assert.equal(made['source'], 'dummy-source');
  assert.match(String((await refused('POST', `${models}/create`, { name: 'greet' }))[2]), /already taken by a prompt/);
  const list = (kind: string) => setting.api.call<{ items: { name: string }[] }>('GET', `/api/v1/projects/flights/models?kind=${kind}`);
  assert.deepEqual([(await list('model')).items.length, (await list('prompt')).items[0]?.name], [0, 'greet']);
  assert.match(
    String((await refused('POST', `${versions}/create`, { name: 'greet', source: 'models:/greet/1' }))[2]),
    /Prompt versions cannot/,
  );
  const files = { 'model.onnx': await setting.put(smallModel()) };
  await assert.rejects(setting.registry.registerVersion(context, { project: 'flights', model: 'greet', files }), {
    code: 'registry.kinds-differ',
  });
  const said = await setting.events.find({ types: ['prompt.', 'model.'] });
  assert.deepEqual(
    said.map(({ type }) => type),
    ['prompt.created', 'prompt.version.registered'],
  );
});
