import assert from 'node:assert/strict';
import { testTracking, type TrackingSetting } from '../testing.ts';
import type { RunWire } from '../wire.ts';

interface Given {
  readonly name: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly experiment?: string;
}

const orchard: readonly Given[] = [
  { name: 'apple', metrics: { auc: 0.7, loss: Number.NaN }, parameters: { epochs: 4, optimizer: 'adam' }, tags: { team: 'Delay' } },
  { name: 'banana', metrics: { auc: 0.65, loss: 0.2 }, parameters: { epochs: 10, optimizer: 'sgd' }, tags: { team: 'delay' } },
  { name: 'cherry', metrics: { auc: 0.5, loss: Infinity }, parameters: { epochs: 4, optimizer: 'Adam_W' }, experiment: 'other' },
  { name: 'date', metrics: { auc: 0.7 }, parameters: { epochs: 'four', 'learning rate': 0.1 } },
  { name: 'elder 100%', tags: { 'my tag': "it's" } },
];

async function plant({ tracking, start, clock }: TrackingSetting): Promise<void> {
  for (const { name, metrics = {}, parameters, tags, experiment } of orchard) {
    const run = await start(name, experiment);
    clock.advance(1000);
    await tracking.log(run.id, { parameters, tags, metrics: Object.entries(metrics).map(([metric, value]) => ({ name: metric, value })) });
  }
}

function finder({ tracking }: TrackingSetting) {
  return async (filter: string | undefined, order = 'name') => {
    const { items } = await tracking.findRuns({ project: 'flights', filter, order, limit: 100 });
    return items.map((run) => run.name[0]).join('');
  };
}

testTracking('filters compare the latest metrics, parameters, tags, datasets and facts of runs', async (setting) => {
  await plant(setting);
  const find = finder(setting);
  const cases: Readonly<Record<string, string>> = {
    '': 'abcde',
    'metrics.auc > 0.6 and params.epochs = 4': 'a',
    'metrics.auc >= 0.65': 'abd',
    'metrics.auc != 0.7': 'bc',
    'not metrics.auc = 0.7': 'bce',
    'metrics.loss = NaN': 'a',
    'metrics.loss != NaN': 'bc',
    'metrics.loss = Infinity': 'c',
    'metrics.loss > -inf': 'bc',
    'metrics.loss != 0.2': 'ac',
    'metrics.auc between 0.5 and 0.66': 'bc',
    'metrics.auc is null': 'e',
    'metrics.loss is not null': 'abc',
    'metrics.unknown > 0': '',
    'metrics.unknown is null or metrics.unknown > 0': 'abcde',
    "params.epochs = '4'": 'ac',
    'params.epochs > 3.5': 'abc',
    'params.epochs != 4': 'bd',
    'params.epochs in (4, 10)': 'abc',
    "params.epochs not in ('4', 'four')": 'b',
    "params.optimizer like 'adam%'": 'a',
    "params.optimizer ilike 'ADAM\\_%'": '',
    "params.optimizer ilike 'adam_w'": 'c',
    "params.optimizer like 'Adam[_]W'": '',
    'params."learning rate" = 0.1': 'd',
    "tags.team = 'delay'": 'b',
    "tags.team != 'delay'": 'a',
    "tags.`my tag` = 'it''s'": 'e',
    "name like '%100\\%%'": '',
    "name like '%100%'": 'e',
    "state = 'running' and experiment = 'other'": 'c',
    "startedAt >= '2026-01-01T00:00:03Z'": 'de',
    'finishedAt is null': 'abcde',
    'duration > 1.5': '',
    'name = 5': '',
    "(metrics.auc > 0.6 or name = 'cherry') and not (params.epochs = 10 or name = 'date')": 'ac',
    "METRICS.auc > .6 AND NAME != 'x'": 'abd',
    "datasets.name = 'flights'": '',
  };
  for (const [filter, expected] of Object.entries(cases)) assert.equal(await find(filter), expected, filter);
});

testTracking('datasets that a run read can be asked for', async (setting) => {
  await plant(setting);
  const { items } = await setting.tracking.findRuns({ project: 'flights', filter: "name = 'apple'", limit: 1 });
  await setting.tracking.addInputs(items[0]?.id ?? '', [
    { dataset: 'flights', snapshot: 4, digest: 'sha256:a' },
    { dataset: 'iris', digest: 'b', context: 'training' },
  ]);
  const find = finder(setting);
  assert.equal(await find("datasets.name = 'flights' and datasets.snapshot = 4"), 'a');
  assert.equal(await find('datasets.snapshot >= 5'), '');
  assert.equal(await find("inputs.context = 'training' and inputs.digest in ('b')"), 'a');
  assert.equal(await find('datasets.name is null'), 'bcde');
  assert.equal(await find('datasets.snapshot is not null'), 'a');
});

testTracking('any metric, parameter, tag or fact orders; NaN, then missing values come last both ways', async (setting) => {
  await plant(setting);
  const find = finder(setting);
  assert.equal(await find(undefined, 'startedAt desc'), 'edcba');
  assert.equal(await find(undefined, 'metrics.auc desc'), 'dabce');
  assert.equal(await find(undefined, 'metrics.auc'), 'cbade');
  assert.equal(await find(undefined, 'metrics.loss'), 'bcade');
  assert.equal(await find(undefined, 'metrics.loss desc'), 'cbaed');
  assert.equal(await find(undefined, 'params.epochs'), 'acbde');
  assert.equal(await find(undefined, 'params."learning rate" desc'), 'decba');
  assert.equal(await find(undefined, 'tags.team'), 'abcde');
  assert.equal(await find(undefined, 'metrics.nowhere'), 'abcde');
  assert.equal(await find(undefined, 'finishedAt desc'), 'edcba');
  assert.equal(await find("name != 'date'", 'metrics.auc desc'), 'abce');
  assert.equal(await find(undefined, 'params.epochs, metrics.auc'), 'cabde');
  assert.equal(await find(undefined, 'metrics.auc desc, name desc'), 'dabce');
  assert.equal(await find(undefined, 'metrics.auc desc, params."learning rate" desc, tags.team'), 'dabce');
  assert.equal(await find(undefined, 'experiment desc, metrics.loss desc, startedAt desc'), 'cbaed');
  assert.equal(await find(undefined, 'metrics.nowhere, finishedAt, params.optimizer desc, name'), 'bacde');
});

testTracking('pages are complete and in order for every order, even with equal keys', async (setting) => {
  const { tracking, start } = setting;
  for (let index = 0; index < 23; index++) {
    const run = await start(`run ${index % 3}`);
    const value = index % 4 === 0 ? Number.NaN : index % 7 === 0 ? Infinity : index % 5;
    if (index % 6 !== 0)
      await tracking.log(run.id, { metrics: [{ name: 'm', value }], parameters: { p: index % 2 === 0 ? index % 3 : 'text' } });
  }
  for (const order of [
    'startedAt desc',
    'startedAt',
    'name',
    'name desc',
    'metrics.m',
    'metrics.m desc',
    'params.p',
    'params.p desc',
    'finishedAt',
    'name desc, metrics.m, startedAt desc',
    'params.p desc, name, metrics.m desc',
    'metrics.m, params.p desc, finishedAt',
    'experiment, params.p, id desc',
  ]) {
    const whole = await tracking.findRuns({ project: 'flights', order, limit: 1000 });
    assert.equal(whole.items.length, 23);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof tracking.findRuns>> = await tracking.findRuns({ project: 'flights', order, limit: 4, after });
      paged.push(...page.items.map((run) => run.id));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(
      paged,
      whole.items.map((run) => run.id),
      order,
    );
    for (const skip of [0, 3, 9, 17, 22, 23, 40]) {
      const page = await tracking.findRuns({ project: 'flights', order, limit: 5, skip });
      assert.deepEqual(
        page.items.map((run) => run.id),
        paged.slice(skip, skip + 5),
        `${order} after ${skip}`,
      );
    }
  }
});

testTracking('hostile filters, orders and tokens are refused or find nothing, and nothing breaks', async (setting) => {
  await plant(setting);
  const { tracking } = setting;
  const find = finder(setting);
  assert.equal(await find("name = '''; drop table runs; --'"), '');
  assert.equal(await find(`params."x' or '1'='1" = '1'`), '');
  const garbage = [
    "name = 'a'; drop table runs",
    'metrics.auc > 0.6 union select 1',
    "name = 'unclosed",
    'metrics.auc >',
    'metrics. > 1',
    'select 1',
    "password = 'x'",
    'metrics.auc > "0.6"',
    '((((name = 1)',
    'name like 5',
    'name not = 5',
    "startedAt > 'yesterday'",
    'constructor = 1',
    '__proto__.x = 1',
    `${'('.repeat(5000)}name = 'a'`,
    `${'not '.repeat(2000)}name = 'a'`,
    Array.from({ length: 300 }, () => "name = 'a'").join(' or '),
    `name = '${'x'.repeat(20_000)}'`,
    'metrics.auc > 1e',
    'a\u0000b = 1',
  ];
  for (const filter of garbage) await assert.rejects(find(filter), { code: 'tracking.filter-invalid' }, filter.slice(0, 50));
  for (const order of [
    '',
    'auc',
    'metrics.',
    'datasets.name',
    'name; drop table runs',
    'name desc desc',
    'name, name desc',
    'name,',
    ',name',
  ]) {
    await assert.rejects(find(undefined, order), { code: 'tracking.order-invalid' }, order);
  }
  const { next } = await tracking.findRuns({ project: 'flights', order: 'name', limit: 2 });
  assert.ok(next);
  const token = JSON.parse(Buffer.from(next, 'base64url').toString()) as Record<string, unknown>;
  const forged = (change: object) => Buffer.from(JSON.stringify({ ...token, ...change })).toString('base64url');
  const tampered = [{ s: -1 }, { k: '1; drop' }, { k: [0, 'banana', 3] }, { k: [9] }, { k: [0, { special: 'NaN' }, 2] }, { c: 'x' }];
  for (const after of ['x', '', ...tampered.map(forged)]) {
    await assert.rejects(
      tracking.findRuns({ project: 'flights', order: 'name', limit: 2, after }),
      { code: 'tracking.page-token-invalid' },
      after,
    );
  }
  for (const other of [
    { order: 'name desc' },
    { order: 'name, state' },
    { order: 'name', filter: "name = 'x'" },
    { order: 'name', project: 'other' },
  ]) {
    await assert.rejects(tracking.findRuns({ project: 'flights', limit: 2, after: next, ...other }), {
      code: 'tracking.page-token-invalid',
    });
  }
  assert.equal(await find(undefined), 'abcde');
});

testTracking('the list endpoint takes filter, order, experiments, states and text', async (setting) => {
  await plant(setting);
  const { api } = setting;
  const list = async (query: string) => {
    const page = await api.call<{ items: RunWire[]; next?: string }>('GET', `/api/v1/projects/flights/runs?${query}`);
    return page.items.map((run) => run.name[0]).join('');
  };
  assert.equal(await list('experiment=other'), 'c');
  assert.equal(await list('experiment=other&experiment=baseline&order=name'), 'abcde');
  assert.equal(await list('state=finished'), '');
  assert.equal(await list(`text=${encodeURIComponent('100%')}`), 'e');
  assert.equal(await list('text=AN'), 'b');
  assert.equal(await list(`filter=${encodeURIComponent('metrics.auc > 0.6')}&order=name`), 'abd');
  await api.call('GET', '/api/v1/projects/flights/runs?experiment=none', undefined, { status: 404 });
  const count = await api.call<{ count: number }>(
    'GET',
    `/api/v1/projects/flights/run-count?filter=${encodeURIComponent('metrics.auc > 0.6')}`,
  );
  assert.equal(count.count, 3);
  const fields = await api.call<{ metrics: string[]; parameters: string[] }>('GET', '/api/v1/projects/flights/run-fields');
  assert.deepEqual(fields.metrics, ['auc', 'loss']);
  assert.deepEqual(fields.parameters, ['epochs', 'learning rate', 'optimizer']);
});
