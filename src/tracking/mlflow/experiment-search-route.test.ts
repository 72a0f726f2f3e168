import assert from 'node:assert/strict';
import { testTracking } from '../testing.ts';
import { testMlflow } from './testing.ts';

const mlflow = '/api/2.0/mlflow';

testTracking('experiments are searched by name, times and tags, in any order, in any view', async ({ tracking, clock }) => {
  const api = testMlflow(tracking.mlflow);
  for (const name of ['Abc', 'ab', 'a', 'gone']) {
    clock.advance(1000);
    await api.call('POST', `${mlflow}/experiments/create`, {
      name,
      tags: name === 'gone' ? [] : [{ key: 'size', value: String(name.length) }],
    });
  }
  await api.call('POST', `${mlflow}/experiments/delete`, { experiment_id: '4' });
  const search = async (request: object) => (await api.call('POST', `${mlflow}/experiments/search`, { max_results: 100, ...request })).body;
  const names = async (request: object) => ((await search(request)).experiments ?? []).map(({ name }: { name: string }) => name).join();
  assert.equal(await names({ filter: "name != 'Default'" }), 'a,ab,Abc');
  assert.equal(await names({ order_by: ['name DESC'] }), 'ab,a,Default,Abc');
  assert.equal(await names({ order_by: ['experiment_id ASC'], view_type: 'ALL' }), 'Default,Abc,ab,a,gone');
  assert.equal(await names({ view_type: 2 }), 'gone');
  assert.equal(await names({ filter: "name LIKE 'A%'" }), 'Abc');
  assert.equal(await names({ filter: "attribute.name ILIKE 'A%'", order_by: ['attributes.creation_time'] }), 'Abc,ab,a');
  assert.equal(await names({ filter: "tags.size != '3'" }), 'a,ab');
  assert.equal(await names({ filter: 'tag.size IS NULL' }), 'Default');
  const { experiments } = await search({ filter: "name = 'ab'" });
  assert.equal(
    await names({ filter: `creation_time > ${experiments[0].creation_time} and name != 'Default'`, order_by: ['last_update_time DESC'] }),
    'a',
  );
  const first = await search({ max_results: 2, order_by: ['name'] });
  const next = await search({ max_results: 2, order_by: ['name'], page_token: first.next_page_token });
  assert.deepEqual([next.experiments.length, next.next_page_token], [2, undefined]);
  const { body } = await api.call('GET', `${mlflow}/experiments/search?max_results=10&filter=${encodeURIComponent("name = 'ab'")}`);
  assert.equal(body.experiments[0].name, 'ab');
  for (const request of [
    { max_results: 0 },
    { max_results: undefined },
    { filter: "creation_time = 'x'" },
    { filter: "owner = 'x'" },
    { order_by: ['tags'] },
  ]) {
    const { status, body: refusal } = await api.call('POST', `${mlflow}/experiments/search`, { max_results: 10, ...request });
    assert.deepEqual([status, refusal.error_code], [400, 'INVALID_PARAMETER_VALUE'], JSON.stringify(request));
  }
});
