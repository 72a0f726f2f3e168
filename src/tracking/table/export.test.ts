import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analytics, createAnalytics, quoteLiteral } from '#kernel/analytics/index.ts';
import { testApi, type TestApi } from '#kernel/http/testing.ts';
import { silentLog } from '#kernel/log.ts';
import { context, testTracking, type TrackingSetting } from '../testing.ts';
import { parseLines } from './testing.ts';
import { createRunTables } from './run-tables.ts';
import type { TablePreviewWire } from './wire.ts';

const base = '/api/v1/projects/flights';

async function withTables(setting: TrackingSetting, body: (api: TestApi, analytics: Analytics) => Promise<void>): Promise<void> {
  const { folder, objects, tracking } = setting;
  const analytics = createAnalytics({ directory: join(folder, 'analytics'), log: silentLog });
  try {
    await body(testApi(createRunTables({ kernel: { analytics, home: folder, objects }, tracking }).endpoints), analytics);
  } finally {
    await analytics.close();
  }
}

const odd = { '=1+1': '@sum', 'learning rate': '-0.5', text: 'a "b",\nc', formula: '-1+cmd()', empty: '', plain: 'tree' };

async function plant({ tracking, clock }: TrackingSetting, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    clock.advance(1000);
    const run = await tracking.startRun(context, {
      project: 'flights',
      experiment: 'größe',
      name: `run-${String(index).padStart(4, '0')}`,
    });
    const value = [0.1 + 0.2, Number.NaN, Infinity, -Infinity][index % 4] ?? 0;
    await tracking.log(run.id, { metrics: [{ name: 'auc', value }], parameters: index === 0 ? odd : {}, tags: { '+note': `=${index}` } });
  }
}

testTracking('all runs are exported as CSV in the order of the view, safe for spreadsheets, NaN and infinities kept', async (setting) => {
  await plant(setting, 7);
  await withTables(setting, async (api) => {
    const answer = await api.request(`${base}/run-export?order=name&filter=${encodeURIComponent("name < 'run-0005'")}`);
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(answer.headers.get('content-disposition') ?? '', /attachment; .*flights-runs\.csv/);
    const [head = [], ...rows] = parseLines(await answer.text());
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    assert.deepEqual(column('name'), ['run-0000', 'run-0001', 'run-0002', 'run-0003', 'run-0004']);
    assert.deepEqual(column('metrics.auc'), ['0.30000000000000004', 'NaN', 'Infinity', '-Infinity', '0.30000000000000004']);
    assert.deepEqual(column('tags.+note')[1], "'=1");
    assert.match(column('startedAt')[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const first = Object.fromEntries(head.map((name, index) => [name, rows[0]?.[index]]));
    assert.deepEqual(
      [first['params.=1+1'], first['params.learning rate'], first['params.text'], first['params.formula'], first['params.empty']],
      ["'@sum", '-0.5', 'a "b",\nc', "'-1+cmd()", ''],
    );
    assert.equal(rows[1]?.[head.indexOf('params.plain')], '');
    const chosen = await api.request(
      `${base}/run-export?order=metrics.auc%20desc&column=name&column=metrics.auc&column=params.%22learning%20rate%22`,
    );
    const lines = parseLines(await chosen.text());
    assert.deepEqual(lines[0], ['name', 'metrics.auc', 'params.learning rate']);
    assert.deepEqual(lines[1]?.slice(0, 2), ['run-0006', 'Infinity']);
    assert.equal((await api.request(`${base}/run-export?filter=nonsense%20%3E`)).status, 400);
    assert.equal((await api.request(`${base}/run-export?column=nonsense`)).status, 400);
  });
});

testTracking('the Parquet file has typed columns and every run, more than one page of them', async (setting) => {
  await plant(setting, 520);
  await withTables(setting, async (api, analytics) => {
    const answer = await api.request(`${base}/run-export?format=parquet&order=name`);
    const file = join(setting.folder, 'out.parquet');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const from = `read_parquet(${quoteLiteral(file)})`;
    const [sums] =
      await analytics.query(`SELECT count(*) AS n, count(*) FILTER (isnan("metrics.auc")) AS nan, max("metrics.auc") FILTER (NOT isnan("metrics.auc")) AS top,
      typeof(first(startedAt)) AS time, typeof(first("metrics.auc")) AS auc FROM ${from}`);
    assert.deepEqual(sums, { n: 520, nan: 130, top: Infinity, time: 'TIMESTAMP', auc: 'DOUBLE' });
    const [first] = await analytics.query(
      `SELECT name, "params.text" AS text, "params.empty" AS empty, "params.=1+1" AS formula FROM ${from} LIMIT 1`,
    );
    assert.deepEqual(first, { name: 'run-0000', text: 'a "b",\nc', empty: '', formula: '@sum' });
    const [second] = await analytics.query(`SELECT "params.empty" AS empty FROM ${from} LIMIT 1 OFFSET 1`);
    assert.deepEqual(second, { empty: null });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(readdirSync(join(setting.folder, 'tracking-work')), [], 'the files of the export are removed');
    const none = await api.request(`${base}/run-export?format=parquet&filter=${encodeURIComponent("name = 'none'")}`);
    assert.equal(none.status, 200);
  });
});

testTracking('rows of CSV, Parquet and JSON-lines artifacts are read with their schema', async (setting) => {
  const { id } = await setting.start();
  const put = (name: string, content: string | Uint8Array) => setting.tracking.putArtifact(id, name, { content });
  await withTables(setting, async (api, analytics) => {
    const table = (artifact: string, more = '') =>
      api.call<TablePreviewWire>('GET', `${base}/runs/${id}/artifact-table?artifact=${encodeURIComponent(artifact)}${more}`);
    await put(
      'a/numbers.csv',
      `x,"y, z",when\n${Array.from({ length: 300 }, (_, row) => `${row},"t ${row}",2026-01-0${(row % 9) + 1}`).join('\n')}\n`,
    );
    const csv = await table('a/numbers.csv', '&limit=2&offset=1');
    assert.deepEqual(csv, {
      columns: [
        { name: 'x', type: 'BIGINT' },
        { name: 'y, z', type: 'VARCHAR' },
        { name: 'when', type: 'DATE' },
      ],
      rows: [
        [1, 't 1', '2026-01-02'],
        [2, 't 2', '2026-01-03'],
      ],
      total: 300,
    });
    const file = join(setting.folder, 'made.parquet');
    await analytics.run(
      `COPY (SELECT 'nan'::DOUBLE AS v, [1, 2] AS list, {'a': 'b'} AS s, '\\x00\\xFF'::BLOB AS bytes FROM range(3)) TO ${quoteLiteral(file)}`,
    );
    await setting.objects.putFile(file).then(({ digest }) => setting.tracking.putArtifact(id, 'made.parquet', { digest }));
    const parquet = await table('made.parquet');
    assert.deepEqual([parquet.total, parquet.rows[0]], [3, ['NaN', '[1, 2]', "{'a': b}", '00FF']]);
    await put('lines.jsonl', '{"a": 1, "b": "x"}\n{"a": 2}\n');
    assert.deepEqual((await table('lines.jsonl')).rows, [
      [1, 'x'],
      [2, null],
    ]);
    await put('empty.csv', '');
    assert.deepEqual(await table('empty.csv'), { columns: [], rows: [], total: 0 });
    await put('broken.parquet', 'not parquet at all');
    for (const name of ['broken.parquet', 'a/numbers.txt']) {
      await put('a/numbers.txt', 'x');
      await api.call('GET', `${base}/runs/${id}/artifact-table?artifact=${encodeURIComponent(name)}`, undefined, { status: 400 });
    }
    await api.call('GET', `${base}/runs/${id}/artifact-table?artifact=none.csv`, undefined, { status: 404 });
    await api.call('GET', `${base}/runs/${id}/artifact-table?artifact=..%2F..%2Fx.csv`, undefined, { status: 404 });
  });
});
