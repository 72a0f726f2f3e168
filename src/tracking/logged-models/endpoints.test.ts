import assert from 'node:assert/strict';
import { testTracking } from '../testing.ts';
import type { FolderEntryWire } from '../wire.ts';
import type { LoggedModelPageWire, LoggedModelWire } from './wire.ts';

const base = '/api/v1/projects/flights/logged-models';

testTracking('a logged model is made, filled, found, changed, deleted and restored over the API', async ({ api }) => {
  const body = { experiment: 'trees', name: 'oak', parameters: { depth: 4, fast: true }, tags: { team: 'delay', draft: 'yes' } };
  const made = await api.call<LoggedModelWire>('POST', base, body);
  assert.deepEqual([made.state, made.parameters], ['pending', { depth: '4', fast: 'true' }]);
  const one = `${base}/${made.id}`;
  const put = await api.request(`${one}/files/${encodeURIComponent('data/ü.bin')}`, { method: 'PUT', body: 'weights' });
  assert.equal(put.status, 200);
  const edited = await api.call<LoggedModelWire>('PATCH', one, { state: 'ready', tags: { draft: null, gone: null, stage: 'a' } });
  assert.deepEqual([edited.state, edited.tags], ['ready', { stage: 'a', team: 'delay' }]);
  await api.call('PATCH', one, { parameters: { depth: 5 } }, { status: 409 });
  const { items } = await api.call<{ items: FolderEntryWire[] }>('GET', `${one}/files`);
  assert.deepEqual(
    items.map(({ name, kind, size }) => [name, kind, size]),
    [['data', 'folder', 7]],
  );
  const file = await api.request(`${one}/files/${encodeURIComponent('data/ü.bin')}`);
  assert.equal(await file.text(), 'weights');
  const zip = await api.request(`${one}/zip`);
  assert.equal(zip.headers.get('content-disposition'), "attachment; filename*=UTF-8''oak.zip");
  const bytes = Buffer.from(await zip.arrayBuffer());
  assert.ok(bytes.includes('data/ü.bin') && bytes.subarray(0, 2).toString() === 'PK');
  const inside = Buffer.from(await (await api.request(`${one}/zip?folder=data`)).arrayBuffer());
  assert.ok(inside.includes('ü.bin') && !inside.includes('data/ü.bin'));
  await api.call('GET', `${one}/zip?folder=none`, undefined, { status: 404 });
  await api.call('DELETE', one);
  assert.equal(typeof (await api.call<LoggedModelWire>('GET', one)).deletedAt, 'number');
  assert.equal((await api.call<LoggedModelPageWire>('GET', base)).items.length, 0);
  assert.equal((await api.call<LoggedModelPageWire>('GET', `${base}?deleted=true`)).items.length, 1);
  await api.call('PATCH', one, { state: 'ready' }, { status: 404 });
  await api.call('POST', `${one}/restore`);
  assert.equal((await api.call<LoggedModelPageWire>('GET', base)).items.length, 1);
  await api.call('GET', `/api/v1/projects/other/logged-models/${made.id}`, undefined, { status: 404 });
});

testTracking('logged models are listed by filter, order and experiment, page by page', async ({ api }) => {
  for (const [experiment, name] of [
    ['a', 'oak'],
    ['a', 'elm'],
    ['b', 'ash'],
  ])
    await api.call('POST', base, { experiment, name, parameters: { trees: name?.length ?? 0 } });
  const names = async (query: string) => {
    const { items } = await api.call<LoggedModelPageWire>('GET', `${base}?${query}`);
    return items.map(({ name }) => name).join(' ');
  };
  assert.equal(await names('order=name'), 'ash elm oak');
  assert.equal(await names(`order=${encodeURIComponent('name desc')}&experiment=1`), 'oak elm');
  assert.equal(
    await names(`order=name&filter=${encodeURIComponent("name in ('oak', 'ash') and params.trees = '3' and state = 'pending'")}`),
    'ash oak',
  );
  const first = await api.call<LoggedModelPageWire>('GET', `${base}?order=name&limit=2`);
  assert.equal(await names(`order=name&limit=2&after=${first.next}`), 'oak');
  await api.call('GET', `${base}?filter=colour%20%3D%201`, undefined, { status: 400 });
  await api.call('GET', `${base}?order=colour`, undefined, { status: 400 });
  await api.call('GET', `${base}?order=name&after=${first.next}x`, undefined, { status: 400 });
});
