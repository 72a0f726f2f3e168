import assert from 'node:assert/strict';
import { testApi } from '#kernel/http/testing.ts';
import { createRunViews } from './service.ts';
import { runViewEndpoints } from './endpoints.ts';
import { projects, testTracking, type TrackingSetting } from '../testing.ts';
import type { RunViewWire } from './wire.ts';

const base = '/api/v1/projects/flights/run-views';
const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const;
const ben = { kind: 'person', id: 'ben', name: 'Ben' } as const;

function open({ database, clock, ids, events }: TrackingSetting) {
  const views = createRunViews({ clock, ids, events, database, projects });
  const endpoints = runViewEndpoints(views);
  return { ada: testApi(endpoints, ada), ben: testApi(endpoints, ben) };
}

const names = (page: { items: RunViewWire[] }) => page.items.map(({ name, mine }) => `${name}${mine ? '' : '*'}`);

testTracking('a view is private until it is shared, and belongs to the one who made it', async (setting) => {
  const api = open(setting);
  const table = { filter: "params.x = 'ü'", order: 'metrics.auc desc, startedAt', columns: 'name,metrics.auc~140', pinned: ['a', 'b'] };
  const made = await api.ada.call<RunViewWire>('POST', base, { name: ' Best ones ', table });
  assert.equal(made.name, 'Best ones');
  assert.deepEqual(made.table, table);
  assert.deepEqual(names(await api.ada.call('GET', base)), ['Best ones']);
  assert.deepEqual(names(await api.ben.call('GET', base)), []);
  await api.ben.call('GET', `${base}/${made.id}`, undefined, { status: 404 });
  await api.ben.call('DELETE', `${base}/${made.id}`, undefined, { status: 404 });

  await api.ada.call('PATCH', `${base}/${made.id}`, { shared: true });
  assert.deepEqual(names(await api.ben.call('GET', base)), ['Best ones*']);
  await api.ben.call('PATCH', `${base}/${made.id}`, { name: 'mine' }, { status: 403 });
  await api.ben.call('DELETE', `${base}/${made.id}`, undefined, { status: 403 });
  await api.ben.call('POST', base, { name: 'Best ones', table: {} });
  await api.ada.call('POST', base, { name: 'Best ones', table: {} }, { status: 409 });

  await api.ada.call('POST', base, { name: 'Other', table: {} });
  await api.ada.call('PATCH', `${base}/${made.id}`, { name: 'Other' }, { status: 409 });
  const renamed = await api.ada.call<RunViewWire>('PATCH', `${base}/${made.id}`, { name: 'Renamed', table: { group: 'experiment' } });
  assert.deepEqual([renamed.name, renamed.shared, renamed.table], ['Renamed', true, { group: 'experiment' }]);
  await api.ada.call('DELETE', `${base}/${made.id}`);
  assert.deepEqual(names(await api.ada.call('GET', base)), ['Other']);
});

testTracking('views of one project are not seen in another, and what is not a view is refused', async (setting) => {
  const api = open(setting);
  const made = await api.ada.call<RunViewWire>('POST', base, { name: 'a', shared: true, table: {} });
  await api.ada.call('GET', `/api/v1/projects/other/run-views/${made.id}`, undefined, { status: 404 });
  assert.deepEqual(names(await api.ada.call('GET', '/api/v1/projects/other/run-views')), []);
  await api.ada.call('GET', '/api/v1/projects/none/run-views', undefined, { status: 404 });
  for (const body of [{ name: '', table: {} }, { name: 'x' }, { name: 'x', table: { filter: 'a'.repeat(10_001) } }])
    await api.ada.call('POST', base, body, { status: 400 });
});

testTracking('the log keeps the name of a private view to itself', async (setting) => {
  const api = open(setting);
  const made = await api.ada.call<RunViewWire>('POST', base, { name: 'secret plan', table: {} });
  await api.ada.call('PATCH', `${base}/${made.id}`, { shared: true, name: 'open plan' });
  const events = await setting.events.find({ limit: 10 });
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [
      ['run.view.created', { view: made.id, shared: false }],
      ['run.view.updated', { view: made.id, shared: true, name: 'open plan' }],
    ],
  );
});
