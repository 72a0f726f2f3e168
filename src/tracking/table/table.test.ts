import assert from 'node:assert/strict';
import { type RunWire } from '../wire.ts';
import { context, testTracking, type TrackingSetting } from '../testing.ts';
import type { BulkResultWire, RunGroupsWire } from './wire.ts';

const base = '/api/v1/projects/flights';

async function plant({ tracking, clock }: TrackingSetting) {
  const rows = [
    ['a', 'night', { depth: 4, model: 'tree' }, 0.5],
    ['b', 'night', { depth: 4, model: 'net' }, 0.7],
    ['c', 'day', { depth: 8 }, Number.NaN],
    ['d', 'day', { depth: 8, model: '=cmd()' }, Infinity],
    ['e', 'day', {}, undefined],
  ] as const;
  const ids: string[] = [];
  for (const [name, experiment, parameters, auc] of rows) {
    clock.advance(1000);
    const parentRun = name === 'b' || name === 'c' ? ids[0] : undefined;
    const run = await tracking.startRun(context, { project: 'flights', experiment, name, parentRun });
    await tracking.log(run.id, {
      parameters,
      tags: { team: 'red 100%' },
      ...(auc === undefined ? {} : { metrics: [{ name: 'auc', value: auc }] }),
    });
    ids.push(run.id);
  }
  await tracking.finishRun(context, ids[1] ?? '', { outcome: 'failed' });
  return ids;
}

testTracking('runs are gathered by parameter, experiment, tag and parent run, with measures of each group', async (setting) => {
  const [first = ''] = await plant(setting);
  const groups = (query: string) => setting.api.call<RunGroupsWire>('GET', `${base}/run-groups?${query}`);
  const depth = await groups('by=params.depth&metric=auc&metric=none');
  assert.deepEqual(
    depth.items.map(({ value, runs, states }) => [value, runs, states]),
    [
      [undefined, 1, { running: 1 }],
      ['8', 2, { running: 2 }],
      ['4', 2, { running: 1, failed: 1 }],
    ],
  );
  assert.deepEqual(depth.items[2]?.metrics, { auc: { count: 2, min: 0.5, mean: 0.6, max: 0.7 } });
  assert.deepEqual(depth.items[1]?.metrics['auc']?.max, 'Infinity');
  assert.deepEqual(depth.items[0]?.metrics, {});
  assert.equal(depth.more, false);
  const byExperiment = await groups(`by=experiment&filter=${encodeURIComponent('metrics.auc > 0.6')}&limit=1`);
  assert.deepEqual([byExperiment.items.map(({ value, runs }) => [value, runs]), byExperiment.more], [[['day', 1]], true]);
  const byParent = await groups('by=parentRun');
  assert.deepEqual(
    byParent.items.map(({ value, label, runs }) => [value, label, runs]),
    [
      [undefined, undefined, 3],
      [first, 'a', 2],
    ],
  );
  assert.deepEqual(
    (await groups('by=tags.team')).items.map(({ value }) => value),
    ['red 100%'],
  );
  for (const by of ['metrics.auc', 'datasets.name', 'nonsense', 'name, state'])
    await setting.api.call('GET', `${base}/run-groups?by=${encodeURIComponent(by)}`, undefined, { status: 400 });
});

testTracking('values are completed from what the runs have', async (setting) => {
  await plant(setting);
  const values = async (query: string) => (await setting.api.call<{ items: string[] }>('GET', `${base}/run-values?${query}`)).items;
  assert.deepEqual(await values('field=params.model'), ['=cmd()', 'net', 'tree']);
  assert.deepEqual(await values('field=params.model&prefix=T'), ['tree']);
  assert.deepEqual(await values('field=tags.team&prefix=red%20100%25'), ['red 100%']);
  assert.deepEqual(await values('field=tags.team&prefix=%25'), []);
  assert.deepEqual(await values('field=experiment'), ['day', 'night']);
  assert.deepEqual(await values('field=metrics.auc'), []);
  assert.deepEqual(await values('field=params.unknown'), []);
});

testTracking('many runs are deleted, restored and tagged at once, and those that cannot be are told', async (setting) => {
  const ids = await plant(setting);
  const change = (body: unknown) => setting.api.call<BulkResultWire>('POST', `${base}/run-changes`, body);
  const listed = async (query = '') => (await setting.api.call<{ items: string[] }>('GET', `${base}/run-ids?${query}`)).items;
  const [a = '', b = '', c = ''] = ids;
  const result = await change({ runs: [a, b, b, 'none'], change: 'delete' });
  assert.deepEqual([result.changed, result.failed.map(({ run, code }) => [run, code])], [2, [['none', 'tracking.run-not-found']]]);
  assert.deepEqual(await listed('order=name'), ids.slice(2));
  assert.deepEqual(await listed('order=name&lifecycle=deleted'), [a, b]);
  const refused = await change({ runs: [a, c], change: 'tag', tags: { team: null, kind: 'good' } });
  assert.deepEqual([refused.changed, refused.failed[0]?.code], [1, 'tracking.run-deleted']);
  assert.deepEqual({ ...(await setting.tracking.run('flights', c)).tags }, { kind: 'good' });
  await change({ runs: [a, b], change: 'restore' });
  assert.deepEqual(await listed('order=name'), ids);
  const page = await setting.api.call<{ items: string[]; next: string }>('GET', `${base}/run-ids?order=name&limit=2`);
  assert.deepEqual(page.items, [a, b]);
  assert.deepEqual(await listed(`order=name&limit=2&after=${page.next}`), ids.slice(2, 4));
  await setting.api.call('POST', `${base}/run-changes`, { runs: [], change: 'delete' }, { status: 400 });
  const far = await setting.api.call<{ items: RunWire[] }>('GET', `${base}/runs?order=name&skip=4`);
  assert.deepEqual(
    far.items.map(({ name }) => name),
    ['e'],
  );
});

testTracking('a table gets only the columns that it shows, with long texts cut, and its page tokens stay good', async (setting) => {
  const { id } = await setting.start('wide');
  const metrics = ['a', 'b', 'odd name'].map((name, value) => ({ name, value }));
  await setting.tracking.log(id, { metrics, parameters: { text: 'ü'.repeat(1000), other: '1' }, tags: { note: 'n'.repeat(50) } });
  await setting.start('second');
  const only = ['name', 'metrics."odd name"', 'params.text'].map((column) => `&only=${encodeURIComponent(column)}`).join('');
  const list = (query: string) =>
    setting.api.call<{ items: RunWire[]; next?: string }>('GET', `${base}/runs?order=name%20desc&limit=1${query}`);
  const { items, next } = await list(`${only}&cut=10`);
  const [run] = items;
  assert.deepEqual(
    [{ ...run?.metrics }, { ...run?.parameters }, { ...run?.tags }],
    [{ 'odd name': 2 }, { text: `${'ü'.repeat(10)}…` }, {}],
  );
  const rest = await list(`&after=${next}`);
  assert.deepEqual(
    rest.items.map(({ name }) => name),
    ['second'],
  );
  assert.equal((await list('')).items[0]?.parameters['text']?.length, 1000);
  await setting.api.call('GET', `${base}/runs?only=nonsense.x`, undefined, { status: 400 });
});
