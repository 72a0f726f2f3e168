import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import type { Problem } from '#kernel/http/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import {
  createData,
  dataMigrations,
  type DatasetWire,
  type PublishRequest,
  type QuarantineWire,
  type RowPageWire,
  type SnapshotWire,
} from './index.ts';
import { workbench } from './testing/workbench.ts';

const sets = [eventMigrations, dataMigrations];
const actor = { kind: 'person', id: 'ada', name: 'Ada' } as const;
const bench = workbench();

async function setUp(database: Database) {
  const home = await mkdtemp(join(tmpdir(), 'ripen-data-home-'));
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file:${home}`, { cacheDirectory: join(home, 'cache') });
  const kernel = { analytics: bench.analytics, clock, database, events, home, ids, log: silentLog, objects };
  const deps = { kernel, projects: { project: async () => undefined } };
  const data = createData(deps);
  let files = 0;
  /** Publishes text as a CSV file of the dataset `pears`. */
  const publish = async (content: string, request: Partial<PublishRequest> = {}) => {
    const path = join(home, `in-${++files}.csv`);
    await writeFile(path, content);
    const producer = { kind: 'pipeline-run', id: `run-${files}` } as const;
    return data.publish(
      { actor },
      { project: 'orchard', dataset: 'pears', file: { path, name: 'pears.csv' }, mode: 'append', producer, ...request },
    );
  };
  const types = async () => (await events.find({})).map(({ type }) => type);
  return {
    home,
    data,
    deps,
    events,
    objects,
    publish,
    types,
    api: testApi(data.endpoints, actor),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}

const contract = {
  name: 'contracts/pears.yaml',
  text: 'columns: { id: { type: integer, nulls: forbidden, unique: true }, kind: { type: string, pattern: "[A-Z].*" } }\nrows: { minimum: 1 }\n',
};

testOnEachDatabase('loads become numbered snapshots, appended or replaced', sets, async (database) => {
  await using t = await setUp(database);
  const first = await t.publish('id,kind\n1,Abate\n2,Conférence\n', { contract });
  const second = await t.publish('id,kind\n3,Nashi\n', { contract });
  const third = await t.publish('id,kind\n9,Kaiser\n', { mode: 'replace' });
  assert.deepEqual(
    [first, second, third].map(({ snapshot: { number, parent, rows, addedRows, files } }) => [
      number,
      parent,
      rows,
      addedRows,
      files.length,
    ]),
    [
      [1, undefined, 2, 2, 1],
      [2, 1, 3, 1, 2],
      [3, 2, 1, 1, 1],
    ],
  );
  assert.notEqual(first.snapshot.digest, second.snapshot.digest);
  assert.equal(second.snapshot.files[0]?.digest, first.snapshot.files[0]?.digest);
  assert.equal(second.snapshot.contract?.passed, true);
  assert.deepEqual(await t.types(), ['dataset.created', ...Array.from({ length: 3 }, () => 'dataset.snapshot.published')]);
  const [, , event] = await t.events.find({});
  assert.deepEqual(event?.data, {
    dataset: 'pears',
    snapshot: 2,
    digest: second.snapshot.digest,
    rows: 3,
    addedRows: 1,
    files: 2,
    schemaDigest: second.snapshot.schemaDigest,
    contract: { digest: second.snapshot.contract?.digest, passed: true, rules: 9, failed: 0 },
    producer: { kind: 'pipeline-run', id: 'run-2' },
  });
  assert.equal(event?.subject, 'projects/orchard/datasets/pears/snapshots/2');

  assert.equal((await t.data.snapshots.resolve('orchard', 'dataset:pears')).number, 3);
  assert.equal((await t.data.snapshots.resolve('orchard', 'dataset:pears@2')).rows, 3);
  await assert.rejects(t.data.snapshots.resolve('orchard', 'dataset:pears@7'), { code: 'data.snapshot-not-found' });
  await assert.rejects(t.data.snapshots.resolve('orchard', 'dataset:plums'), { code: 'data.dataset-not-found' });
  await assert.rejects(t.data.snapshots.resolve('orchard', 'dataset:Pears@x'), { code: 'data.reference-invalid' });

  const directory = join(t.home, 'input');
  const paths = await t.data.snapshots.materialize({ project: 'orchard', dataset: 'pears', snapshot: 2, directory });
  assert.deepEqual(await readdir(directory), ['part-00001.parquet', 'part-00002.parquet']);
  assert.deepEqual(
    (await bench.analytics.query<{ id: number }>('SELECT id FROM read_parquet(?)', [[...paths]])).map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual(await readdir(join(t.home, 'data-work')), []);
});

testOnEachDatabase('the same bytes of the same producer are one snapshot', sets, async (database) => {
  await using t = await setUp(database);
  const producer = { kind: 'pipeline-run', id: 'run-a' } as const;
  const once = await t.publish('id\n1\n', { producer });
  const again = await t.publish('id\n1\n', { producer });
  assert.deepEqual([once.created, again.created, again.snapshot.number], [true, false, 1]);
  const other = await t.publish('id\n2\n', { producer });
  assert.equal(other.snapshot.number, 2);
  assert.equal((await t.publish('id\n1\n')).snapshot.number, 3);
});

testOnEachDatabase('a file that breaks the contract is quarantined with the broken rules and sample rows', sets, async (database) => {
  await using t = await setUp(database);
  await t.publish('id,kind\n1,Abate\n', { contract });
  const broken = 'id,kind\n1,Abate\n5,nashi\n,Kaiser\n';
  const producer = { kind: 'pipeline-run', id: 'bad' } as const;
  const error = { code: 'data.contract-broken', message: /"pears.csv" breaks the contract.*"kind": 1 of 3 rows do not match/ };
  await assert.rejects(t.publish(broken, { contract, producer }), error);
  // Tried again, it is refused again and not kept twice.
  await assert.rejects(t.publish(broken, { contract, producer }), error);
  const loads = await t.data.quarantine.list('orchard', 'pears');
  assert.equal(loads.length, 1);
  const [load] = loads;
  assert.ok(load !== undefined);
  assert.deepEqual([load.reason, load.rows, load.contract?.passed, load.source.name], ['contract-broken', 3, false, 'pears.csv']);
  assert.deepEqual(
    load.failingRows.map(({ row, rule, column, values }) => [row, rule, column, values['kind']]),
    [
      [3, 'nulls', 'id', 'Kaiser'],
      [1, 'unique', 'id', 'Abate'],
      [2, 'pattern', 'kind', 'nashi'],
    ],
  );
  assert.equal((await t.objects.read(load.source.digest)).toString(), broken);
  assert.equal((await t.data.snapshots.get('orchard', 'pears')).number, 1);
  const event = (await t.events.find({ types: ['dataset.load.quarantined'] }))[0];
  assert.deepEqual(event?.data, {
    dataset: 'pears',
    quarantine: load.id,
    reason: 'contract-broken',
    failedRules: ['id nulls', 'id unique', 'kind pattern'],
    rows: 3,
    file: 'pears.csv',
    producer,
  });
});

testOnEachDatabase('unreadable and unfitting files are quarantined, mistakes of the caller are not', sets, async (database) => {
  await using t = await setUp(database);
  await assert.rejects(t.publish(''), { code: 'data.file-empty' });
  await t.publish('id,kind\n1,Abate\n');
  await assert.rejects(t.publish('id,kind\n1\n'), { code: 'data.file-rows-ragged' });
  await assert.rejects(t.publish('id\n2\n'), { code: 'data.schema-changed', message: /column "kind" \(VARCHAR\) is missing/ });
  await assert.rejects(t.publish('id,kind\nx,Abate\n'), { code: 'data.schema-changed', message: /"id" was BIGINT and is now VARCHAR/ });
  await assert.rejects(t.publish('id\n2\n', { contract: { text: 'colums: {}', name: 'c.yaml' } }), { code: 'data.contract-invalid' });
  await assert.rejects(t.publish('id\n2\n', { dataset: '../pears' }), { code: 'data.dataset-name-invalid' });
  await assert.rejects(t.publish('id\n2\n', { file: { path: '/nowhere.csv' } }), { code: 'data.file-not-found' });
  assert.deepEqual(
    (await t.data.quarantine.list('orchard', 'pears')).map(({ reason }) => reason),
    ['schema-changed', 'schema-changed', 'file-rows-ragged', 'file-empty'],
  );
  // Replaced, the columns may change, and the snapshot says how.
  const replaced = await t.publish('id\n2\n', { mode: 'replace' });
  assert.deepEqual(replaced.snapshot.schemaChanges, [{ kind: 'removed', column: 'kind', type: 'VARCHAR', breaking: true }]);
});

testOnEachDatabase('columns may be added and widened by later loads', sets, async (database) => {
  await using t = await setUp(database);
  await t.publish('id,x\n1,1.5\n');
  // Whole numbers in a column of numbers, no value in a column of numbers, a new column.
  const { snapshot } = await t.publish('id,x,größe\n2,7,a\n3,,b\n');
  assert.deepEqual(snapshot.schema, [
    { name: 'id', type: 'BIGINT' },
    { name: 'x', type: 'DOUBLE' },
    { name: 'größe', type: 'VARCHAR' },
  ]);
  const page = await t.api.call<RowPageWire>('GET', '/api/v1/projects/orchard/datasets/pears/snapshots/2/rows');
  assert.deepEqual(page.rows, [
    [1, 1.5, null],
    [2, 7, 'a'],
    [3, null, 'b'],
  ]);
});

testOnEachDatabase('publishers at the same time get consecutive numbers, also from two servers', sets, async (database) => {
  await using t = await setUp(database);
  const second = createData(t.deps);
  const path = join(t.home, 'shared.csv');
  await writeFile(path, 'id\n1\n');
  const publish = (from: ReturnType<typeof createData>, id: string) =>
    from.publish(
      { actor },
      { project: 'orchard', dataset: 'pears', file: { path }, mode: 'append', producer: { kind: 'pipeline-run', id } },
    );
  const published = await Promise.all(Array.from({ length: 8 }, (_, index) => publish(index % 2 === 0 ? t.data : second, `run-${index}`)));
  assert.deepEqual(
    published.map(({ snapshot }) => snapshot.number).toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.deepEqual(
    published.map(({ snapshot }) => snapshot.rows).toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.equal((await t.types()).filter((type) => type === 'dataset.created').length, 1);
  const same = await Promise.all([publish(t.data, 'same'), publish(second, 'same'), publish(t.data, 'same')]);
  assert.deepEqual(new Set(same.map(({ snapshot }) => snapshot.number)), new Set([9]));
  assert.equal(same.filter(({ created }) => created).length, 1);
});

testOnEachDatabase('a failure between the blobs and the row leaves nothing published, and the next try works', sets, async (database) => {
  await using t = await setUp(database);
  const failing = createData({
    ...t.deps,
    kernel: { ...t.deps.kernel, events: { ...t.events, change: () => Promise.reject(new Error('the power went out')) } },
  });
  const path = join(t.home, 'a.csv');
  await writeFile(path, 'id\n1\n');
  const request = {
    project: 'orchard',
    dataset: 'pears',
    file: { path },
    mode: 'append',
    producer: { kind: 'pipeline-run', id: 'r' },
  } as const;
  await assert.rejects(failing.publish({ actor }, request), /power/);
  await assert.rejects(t.data.snapshots.get('orchard', 'pears'), { code: 'data.dataset-not-found' });
  assert.deepEqual(await t.types(), []);
  const { snapshot, created } = await t.data.publish({ actor }, request);
  assert.deepEqual([snapshot.number, created], [1, true]);
  assert.ok(await t.objects.verify(snapshot.files[0]?.digest ?? snapshot.digest));
  // What a killed server left in the work directory goes at the start.
  await t.data.work.within(async (directory) => {
    await writeFile(join(directory, 'left'), '');
    await t.data.start();
    await assert.rejects(stat(directory));
  });
});

testOnEachDatabase('references look into the newest snapshot of another dataset', sets, async (database) => {
  await using t = await setUp(database);
  const rules = { name: 'c', text: 'columns: { kind: { references: { dataset: kinds, column: name } } }' };
  await assert.rejects(t.publish('id,kind\n1,Abate\n', { contract: rules }), { message: /dataset "kinds" has no snapshot/ });
  await t.publish('name\nAbate\n', { dataset: 'kinds' });
  await t.publish('id,kind\n1,Abate\n2,\n', { contract: rules });
  await assert.rejects(t.publish('id,kind\n1,Apple\n', { contract: rules }), {
    message: /1 of 1 rows are not in column "name" of dataset "kinds"/,
  });
});

testOnEachDatabase('the profile of a load is kept, that of all rows is made once', sets, async (database) => {
  await using t = await setUp(database);
  await t.publish('id\n1\n2\n');
  const { snapshot } = await t.publish('id\n3\n4\n');
  assert.deepEqual(
    [(await t.data.preview.profile(snapshot, 'load')).columns[0]?.mean, (await t.data.preview.profile(snapshot, 'all')).columns[0]?.mean],
    [3.5, 2.5],
  );
  assert.equal((await t.data.preview.profile(snapshot, 'all')).rows, 4);
});

testOnEachDatabase('over HTTP: catalogue, upload, preview, quarantine, download', sets, async (database) => {
  await using t = await setUp(database);
  const base = '/api/v1/projects/orchard/datasets';
  await t.api.call('POST', base, { name: 'pears', owner: 'Ada' }, { status: 201 });
  await t.api.call('POST', base, { name: 'pears' }, { status: 409 });
  await t.api.call('POST', base, { name: 'No Name' }, { status: 400 });
  const changed = await t.api.call<DatasetWire>('PATCH', `${base}/pears`, { classification: 'public', owner: '' });
  assert.deepEqual([changed.owner, changed.classification, changed.quarantined], [undefined, 'public', 0]);
  assert.deepEqual(await t.types(), ['dataset.created', 'dataset.updated']);

  const upload = async (query: string, body: string) => {
    const response = await t.api.request(`${base}/pears/load?${query}`, { method: 'POST', body });
    return { status: response.status, json: await response.json() };
  };
  const put = await t.api.request(`${base}/pears/contracts?file=pears.yaml`, { method: 'POST', body: contract.text });
  const { digest } = (await put.json()) as { digest: string };
  const loaded = await upload(`file=pears.csv&contract=${digest}&key=one`, 'id,kind\n1,Abate\n2,"NaN"\n');
  assert.equal(loaded.status, 201);
  assert.equal((loaded.json as { snapshot: SnapshotWire }).snapshot.contract?.passed, true);
  const again = await upload(`file=pears.csv&contract=${digest}&key=one`, 'id,kind\n1,Abate\n2,"NaN"\n');
  assert.deepEqual((again.json as { created: boolean }).created, false);
  // The contract of the newest snapshot holds for uploads that name none.
  const refused = await upload('file=pears.csv', 'id,kind\n7,abate\n');
  assert.deepEqual([refused.status, (refused.json as Problem).code], [400, 'data.contract-broken']);
  assert.equal((await upload('format=csv&contract=none', 'id,kind\n7,abate\n')).status, 201);
  assert.equal((await upload('contract=none', 'id,kind\n8,abate\n')).status, 400);
  assert.equal((await upload('contract=sha256:0', 'id\n')).status, 404);

  const { items } = await t.api.call<{ items: DatasetWire[] }>('GET', base);
  assert.deepEqual(
    [items.length, items[0]?.newest?.number, items[0]?.newest?.rows, items[0]?.newest?.columns, items[0]?.quarantined],
    [1, 2, 3, 2, 2],
  );
  const page = await t.api.call<RowPageWire>('GET', `${base}/pears/snapshots/latest/rows?offset=1&limit=1`);
  assert.deepEqual([page.total, page.rows], [3, [[2, 'NaN']]]);
  const { items: loads } = await t.api.call<{ items: QuarantineWire[] }>('GET', `${base}/pears/quarantine`);
  assert.deepEqual(
    loads.map(({ reason }) => reason),
    ['file-format-unknown', 'contract-broken'],
  );
  const one = await t.api.call<QuarantineWire>('GET', `${base}/pears/quarantine/${loads[1]?.id}`);
  assert.deepEqual(one.failingRows[0]?.values, { id: 7, kind: 'abate' });
  const file = await t.api.request(`${base}/pears/quarantine/${loads[1]?.id}/file`);
  assert.equal(await file.text(), 'id,kind\n7,abate\n');
  await t.api.call('GET', `${base}/pears/quarantine/none`, undefined, { status: 404 });

  const parquet = Buffer.from(await (await t.api.request(`${base}/pears/snapshots/1/files/1`)).arrayBuffer());
  assert.equal(parquet.subarray(0, 4).toString(), 'PAR1');
  const path = join(t.home, 'download.parquet');
  await writeFile(path, parquet);
  assert.equal((await bench.analytics.query('SELECT * FROM read_parquet(?)', [path])).length, 2);
  await t.api.call('GET', `${base}/pears/snapshots/1/files/2`, undefined, { status: 404 });
  await t.api.call('GET', `${base}/pears/snapshots/0`, undefined, { status: 400 });
  const profile = await t.api.call<{ columns: { name: string }[] }>('GET', `${base}/pears/snapshots/1/profile`);
  assert.deepEqual(
    profile.columns.map(({ name }) => name),
    ['id', 'kind'],
  );
  const diff = await t.api.call<{ breaking: boolean }>('GET', `${base}/pears/snapshots/2/schema-diff?from=1`);
  assert.equal(diff.breaking, false);
});

testOnEachDatabase('lineage names the producer and the runs that read a snapshot', sets, async (database) => {
  await using t = await setUp(database);
  const { snapshot } = await t.publish('id\n1\n');
  await t.events.change({ actor, project: 'orchard' }, async (change) => {
    for (const [run, number] of [
      ['r1', 1],
      ['r2', 2],
    ] as const) {
      const inputs = [{ dataset: 'pears', snapshot: number, digest: snapshot.digest }];
      change.emit({
        type: 'run.started',
        source: 'tracking',
        subject: `projects/orchard/runs/${run}`,
        data: { run, experiment: 'e', inputs },
      });
    }
  });
  const lineage = await t.data.lineage(snapshot);
  assert.deepEqual(lineage.producer, { kind: 'pipeline-run', id: 'run-1' });
  assert.deepEqual(
    lineage.readers.map(({ run }) => run),
    ['r1'],
  );
});

testOnEachDatabase('a Parquet file of odd names and huge values goes in and comes out unchanged', sets, async (database) => {
  await using t = await setUp(database);
  const name = `"; DROP TABLE "datasets"; --`;
  const path = await bench.parquet(
    'odd.parquet',
    `SELECT 9223372036854775807 AS "huge'", 'nan'::DOUBLE AS "列", repeat('ü', 1000) AS """; DROP TABLE ""datasets""; --", [1, NULL] AS "t"`,
  );
  const { snapshot } = await t.publish('', {
    file: { path },
    contract: { name: 'c', text: `columns: { '${name}': { type: string, pattern: "ü+" } }` },
  });
  assert.deepEqual(
    snapshot.schema.map((column) => column.name),
    [`huge'`, '列', name, 't'],
  );
  const { rows } = await t.data.preview.rows(snapshot, { offset: 0, limit: 10 });
  assert.deepEqual(rows, [['9223372036854775807', 'NaN', 'ü'.repeat(500), '[1, NULL]']]);
  assert.equal((await t.data.catalogue.list('orchard')).length, 1);
  assert.ok((await readFile(path)).length > 0);
});
