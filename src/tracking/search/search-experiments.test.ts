import assert from 'node:assert/strict';
import { context, testTracking } from '../testing.ts';
import type { ExperimentWire } from '../wire.ts';

const path = '/api/v1/projects/flights/experiment-search';

testTracking('experiments are searched in the language of Ripen, page by page', async ({ tracking, clock, api }) => {
  for (const [name, team] of [
    ['b', 'ops'],
    ['a', 'lab'],
    ['C', 'ops'],
  ] as const) {
    clock.advance(1000);
    await tracking.createExperiment(context, { project: 'flights', name, tags: { team } });
  }
  const { id } = await tracking.createExperiment(context, { project: 'flights', name: 'gone' });
  await tracking.deleteExperiment(context, { project: 'flights', id });
  const ask = async (query: Record<string, string>) => {
    const page = await api.call<{ items: ExperimentWire[]; next?: string }>('GET', `${path}?${new URLSearchParams(query).toString()}`);
    return { names: page.items.map(({ name }) => name).join(''), next: page.next };
  };
  assert.equal((await ask({})).names, 'Cab');
  assert.equal((await ask({ filter: "tags.team = 'ops' and not name = 'C'" })).names, 'b');
  assert.equal((await ask({ order: 'tags.team desc, name' })).names, 'Cba');
  assert.equal((await ask({ lifecycle: 'all', order: 'sequence' })).names, 'baCgone');
  const first = await ask({ order: 'createdAt', limit: '2' });
  assert.deepEqual(await ask({ order: 'createdAt', limit: '2', after: first.next ?? '' }), { names: 'C', next: undefined });
  for (const wrong of [
    { filter: 'createdAt > "x"' },
    { filter: 'owner = 1' },
    { order: 'runs' },
    { order: 'name', limit: '2', after: first.next ?? '' },
  ])
    await api.call('GET', `${path}?${new URLSearchParams(wrong).toString()}`, undefined, { status: 400 });
});
