import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presentCount } from '#kernel/statistics/index.ts';
import { workbench } from '../testing/workbench.ts';
import type { ColumnProfile, Profile } from './model.ts';
import { describe } from './normalise-file.ts';
import { profileTable } from './profile.ts';

const bench = workbench();
let count = 0;

async function profile(select: string, earlier?: Profile): Promise<Profile> {
  const path = await bench.parquet(`p${++count}.parquet`, select);
  const relation = `read_parquet('${path}')`;
  return profileTable(bench.analytics, { relation, schema: await describe(bench.analytics, relation) }, earlier);
}

function column({ columns }: Profile, name: string): ColumnProfile {
  return columns.find((each) => each.name === name) ?? assert.fail(`no column ${name}`);
}

test('numbers get figures, quantiles and a histogram that counts every value once', async () => {
  const table = await profile(
    `SELECT range AS n, range / 10.0 AS x, CASE WHEN range % 4 > 0 THEN range % 7 END::INTEGER AS few FROM range(10000)`,
  );
  assert.equal(table.rows, 10_000);
  const n = column(table, 'n');
  assert.deepEqual([n.count, n.nulls, n.minimum, n.maximum, n.mean], [10_000, 0, 0, 9999, 4999.5]);
  assert.ok(Math.abs((n.deviation ?? 0) - 2886.896) < 0.001);
  assert.ok(Math.abs(n.distinct - 10_000) < 1500);
  assert.ok(Math.abs(Number(n.quantiles.find(({ share }) => share === 0.5)?.value) - 5000) < 100);
  for (const name of ['n', 'x', 'few']) {
    const { histogram, count: present, nulls } = column(table, name);
    assert.ok(histogram?.kind === 'numeric' && presentCount(histogram) === present && histogram.missing === nulls, name);
  }
  const few = column(table, 'few');
  assert.equal(few.nulls, 2500);
  const [exact] = await bench.analytics.query<{ c: number[] }>(
    `SELECT list(c ORDER BY v) AS c FROM (SELECT v, count(*) AS c FROM (SELECT range % 7 AS v FROM range(10000) WHERE range % 4 > 0) GROUP BY v)`,
  );
  assert.ok(few.histogram?.kind === 'numeric');
  assert.deepEqual([few.histogram.edges, few.histogram.counts], [[0, 1, 2, 3, 4, 5, 6, 7], exact?.c]);
});

test('a value on an edge counts in the bin that begins there', async () => {
  const { histogram } = column(await profile(`SELECT unnest([0.0, 0.0, 1.0, 2.0, 2.0, 60.0, 60.0])::DOUBLE AS x`), 'x');
  assert.ok(histogram?.kind === 'numeric');
  assert.deepEqual([histogram.edges[0], histogram.edges.at(-1), histogram.edges.length], [0, 60, 61]);
  assert.deepEqual([histogram.counts[0], histogram.counts[1], histogram.counts[2], histogram.counts[59]], [2, 1, 2, 2]);
  assert.deepEqual([histogram.below, histogram.above], [0, 0]);
});

test('a later profile keeps the edges of an earlier one, and what lies outside is counted', async () => {
  const earlier = await profile('SELECT range AS n FROM range(100)');
  const later = await profile('SELECT range - 50 AS n FROM range(300)', earlier);
  const [before, after] = [column(earlier, 'n').histogram, column(later, 'n').histogram];
  assert.ok(before?.kind === 'numeric' && after?.kind === 'numeric');
  assert.deepEqual(after.edges, before.edges);
  assert.equal(presentCount(after), 300);
  assert.equal(after.below, 50 + (before.edges[0] ?? 0));
});

test('NaN, infinities and magnitudes near the end of a double neither fail nor spoil the figures', async () => {
  const table =
    await profile(`SELECT unnest(['1', '2', '3', 'nan', 'inf', '-inf', NULL])::DOUBLE AS x, unnest([1e308, -1e308, 1e308, 5e-324, 0, 0, 0])::DOUBLE AS huge,
    unnest(['nan','nan','nan','nan','nan','nan','nan'])::DOUBLE AS never`);
  const x = column(table, 'x');
  assert.deepEqual([x.count, x.nulls, x.notFinite, x.minimum, x.maximum, x.mean, x.deviation], [6, 1, 3, 1, 3, 2, 1]);
  assert.equal(column(table, 'huge').maximum, 1e308);
  const never = column(table, 'never');
  assert.deepEqual([never.count, never.notFinite, never.mean, never.histogram], [7, 7, undefined, undefined]);
  // Everything survives JSON.
  assert.doesNotThrow(() => JSON.parse(JSON.stringify(table)));
});

test('text gets exact counts of its top values, moments get a histogram in time', async () => {
  const table =
    await profile(`SELECT CASE range % 5 WHEN 0 THEN 'größe' WHEN 1 THEN '' WHEN 2 THEN 'a''b' WHEN 3 THEN repeat('x', 500) END AS word,
    TIMESTAMP '2001-01-01' + INTERVAL (range) HOUR AS t, DATE '2001-01-01' + (range % 3)::INTEGER AS d, range % 2 = 0 AS ok, [range] AS list,
    md5(range::VARCHAR) AS id FROM range(1000)`);
  const word = column(table, 'word');
  assert.deepEqual(
    word.topValues.toSorted((a, b) => (a.value < b.value ? -1 : 1)),
    ['', "a'b", 'größe', 'x'.repeat(200)].map((value) => ({ value, count: 200 })).toSorted((a, b) => (a.value < b.value ? -1 : 1)),
  );
  assert.deepEqual([word.distinct, word.nulls, word.textLength], [4, 200, { minimum: 0, maximum: 500, mean: 127 }]);
  const t = column(table, 't');
  assert.deepEqual([t.minimum, t.maximum], ['2001-01-01T00:00:00Z', '2001-02-11T15:00:00Z']);
  assert.ok(t.histogram?.kind === 'numeric' && presentCount(t.histogram) === 1000 && (t.histogram.edges[0] ?? 0) >= Date.UTC(2001, 0, 1));
  assert.equal(column(table, 'd').maximum, '2001-01-03');
  assert.deepEqual(column(table, 'ok').topValues.length, 2);
  assert.deepEqual([column(table, 'list').count, column(table, 'list').histogram], [1000, undefined]);
  const id = column(table, 'id');
  assert.ok(id.topValues.length <= 20 && Math.abs(id.distinct - 1000) < 300);
  assert.ok(id.histogram?.kind === 'categorical' && presentCount(id.histogram) === 1000);
});

test('odd column names, one value, many columns', async () => {
  const table = await profile(`SELECT 7 AS "a""b; DROP TABLE x", 0.5::DOUBLE AS "列", NULL::INTEGER AS nothing`);
  assert.deepEqual(
    table.columns.map((each) => each.name),
    ['a"b; DROP TABLE x', '列', 'nothing'],
  );
  assert.equal(column(table, 'nothing').nulls, 1);
  const wide = await profile(`SELECT ${Array.from({ length: 120 }, (_, n) => `${n} AS c${n}`).join(', ')}`);
  assert.deepEqual(
    wide.columns.map((each) => each.mean),
    Array.from({ length: 120 }, (_, n) => n),
  );
});
