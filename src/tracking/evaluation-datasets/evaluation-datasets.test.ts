import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testTracking } from '../testing.ts';
import { testMlflow } from '../mlflow/testing.ts';
import { growSchema } from './model.ts';

const base = '/api/3.0/mlflow/datasets';

testTracking('the same inputs are the same record: outputs give way, expectations and tags add up', async ({ tracking, events }) => {
  const api = testMlflow(tracking.mlflow);
  const call = async (method: string, path: string, message?: unknown) => (await api.call(method, `${base}/${path}`, message)).body;
  const { dataset } = await call('POST', 'create', { name: 'cases', experiment_ids: ['0'], tags: '{"team":"ops","mlflow.user":"ann"}' });
  const id = String(dataset!.dataset_id);
  assert.match(id, /^d-[0-9a-f]{32}$/);
  assert.deepEqual([dataset!.created_by, dataset!.profile, dataset!.experiment_ids], ['ann', undefined, ['0']]);
  const merge = (records: unknown) => call('POST', `${id}/records`, { records: JSON.stringify(records) });
  const many = [
    { inputs: { q: 'a', n: 1 }, outputs: 'x', expectations: { answer: 'A' }, tags: { t: '1' } },
    { inputs: { q: 'b' }, source: { source_type: 'TRACE', source_data: { trace_id: 'tr-1' } } },
    { inputs: { n: 1, q: 'a' }, expectations: { more: [1] } },
  ];
  assert.deepEqual(await merge(many), { inserted_count: 2, updated_count: 1 });
  assert.deepEqual(await merge([{ inputs: { q: 'a', n: 1 }, outputs: null, tags: { u: '2', 'mlflow.user': 'bob' } }]), {
    inserted_count: 0,
    updated_count: 1,
  });
  const page = await call('GET', `${id}/records?max_results=1`);
  const [first] = JSON.parse(page.records) as Record<string, unknown>[];
  assert.deepEqual(
    [first?.['inputs'], first?.['outputs'], first?.['expectations'], first?.['tags'], first?.['last_updated_by']],
    [{ q: 'a', n: 1 }, undefined, { answer: 'A', more: [1] }, { t: '1', u: '2', 'mlflow.user': 'bob' }, 'bob'],
  );
  const rest = await call('GET', `${id}/records?max_results=1&page_token=${page.next_page_token}`);
  const [second] = JSON.parse(rest.records) as Record<string, unknown>[];
  assert.deepEqual([second?.['source_id'], second?.['source_type'], rest.next_page_token], ['tr-1', 'TRACE', undefined]);
  const grown = (await call('GET', id)).dataset!;
  assert.notEqual(grown.digest, dataset!.digest);
  assert.deepEqual(JSON.parse(grown.schema), {
    inputs: { q: 'string', n: 'integer' },
    outputs: 'string',
    expectations: { answer: 'string', more: 'array' },
    version: '1.0',
  });
  assert.equal(grown.profile, '{"num_records":2}');
  assert.deepEqual(await call('DELETE', `${id}/records`, { dataset_record_ids: [first?.['dataset_record_id'], 'none'] }), {
    deleted_count: 1,
  });
  for (const wrong of ['{', '{}', '[1]', '[{"inputs": 1}]', '[{"inputs": {}, "tags": 3}]'])
    assert.equal((await call('POST', `${id}/records`, { records: wrong })).error_code, 'INVALID_PARAMETER_VALUE', wrong);
  await call('DELETE', id);
  assert.equal((await call('GET', id)).error_code, 'RESOURCE_DOES_NOT_EXIST');
  assert.equal((await api.call('DELETE', `${base}/${id}`)).status, 200);
  assert.equal((await events.find({ types: ['evaluation-dataset.deleted'] })).length, 1);
});

testTracking('evaluation datasets are found by name, tags, people and experiments', async ({ tracking, api: own, clock }) => {
  const api = testMlflow(tracking.mlflow);
  const call = async (method: string, path: string, message?: unknown) => (await api.call(method, `${base}/${path}`, message)).body;
  const experiment = String((await api.call('POST', '/api/2.0/mlflow/experiments/create', { name: 'e' })).body.experiment_id);
  const ids: string[] = [];
  for (const name of ['one', 'two', 'two']) {
    clock.advance(1000);
    ids.push(
      String(
        (await call('POST', 'create', { name, experiment_ids: ['0'], tags: JSON.stringify({ 'mlflow.user': name }) })).dataset!.dataset_id,
      ),
    );
  }
  const search = async (request: object) =>
    [...((await call('POST', 'search', request)).datasets ?? [])].map((each) => String(each.name)).join();
  assert.equal(await search({}), 'two,two,one');
  assert.equal(await search({ filter_string: "name = 'one' AND tags.`mlflow.user` = 'one'", experiment_ids: ['0'] }), 'one');
  assert.equal(await search({ filter_string: "created_by LIKE 'tw%'", order_by: ['name DESC'], max_results: 1 }), 'two');
  assert.equal(await search({ experiment_ids: [experiment] }), '');
  const added = await call('POST', `${ids[0]}/add-experiments`, { experiment_ids: [experiment] });
  assert.deepEqual(added.dataset!.experiment_ids, ['0', experiment]);
  assert.equal(await search({ experiment_ids: [experiment] }), 'one');
  assert.deepEqual((await call('GET', `${ids[0]}/experiment-ids`)).experiment_ids, ['0', experiment]);
  await call('POST', `${ids[0]}/remove-experiments`, { experiment_ids: [experiment] });
  assert.equal(await search({ experiment_ids: [experiment] }), '');
  await call('PATCH', `${ids[0]}/tags`, { tags: '{"a":"b","mlflow.user":null}' });
  assert.equal((await call('GET', ids[0]!)).dataset!.tags, '{"a":"b"}');
  await call('DELETE', `${ids[0]}/tags/a`);
  assert.equal((await call('GET', ids[0]!)).dataset!.tags, '{}');
  const page = await own.call<{ items: { name: string }[] }>('GET', '/api/v1/projects/flights/evaluation-datasets?limit=2');
  assert.deepEqual(
    page.items.map(({ name }) => name),
    ['two', 'two'],
  );
  await own.call('GET', `/api/v1/projects/other/evaluation-datasets/${ids[0]}`, undefined, { status: 404 });
});

test('the first type of a field stays in the schema', () => {
  const schema = growSchema(undefined, [
    { inputs: { a: 1.5, b: null }, outputs: { x: true } },
    { inputs: { a: 'text' }, outputs: 'text' },
  ]);
  assert.deepEqual(schema, { inputs: { a: 'float', b: 'null' }, outputs: { x: 'boolean' }, expectations: {}, version: '1.0' });
});
