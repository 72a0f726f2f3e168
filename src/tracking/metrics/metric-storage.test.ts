import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Database, dumpTables, openDatabase, restoreTables, type TableRows } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { comparePoints } from './metric-points.ts';
import { trackingMigrations } from '../migrations.ts';
import type { MetricPoint } from '../model.ts';
import { context, projects, sets, testTracking, type TrackingSetting } from '../testing.ts';
import { createTracking } from '../tracking.ts';

type Tracking = TrackingSetting['tracking'];

/** The whole history, in pages. */
async function historyOf(tracking: Tracking, run: string, { metric = 'm', limit = 100_000 } = {}): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  for (;;) {
    const { items, more } = await tracking.metricHistory(run, { metric, limit, after: points.at(-1) });
    points.push(...items);
    if (!more) return points;
  }
}

async function rowsOf(database: Database, table: 'metric_points' | 'metric_chunks'): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(database.query());
  return Number(rows[0]?.count);
}

/** Points in their order, each once, with NaN as one value and both zeros as one. */
function model(points: readonly MetricPoint[]): MetricPoint[] {
  const sorted = points.toSorted(comparePoints);
  return sorted.filter((point, index) => index === 0 || comparePoints(sorted[index - 1] ?? point, point) !== 0);
}

const place = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(-5, 2 ** 53, -(2 ** 53), 1_700_000_000_000));
const value = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom(Number.NaN, Infinity, -Infinity));
const point = fc.record({ step: place, time: place, value }, { noNullPrototype: true });
const batches = fc.array(fc.array(point, { maxLength: 30 }), { minLength: 1, maxLength: 12 });

testTracking(
  'any batches in any order, at once or again, are the same set of points with the right latest',
  async ({ tracking, start }) => {
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat(11)), fc.integer({ min: 1, max: 9 }), async (sent, again, limit) => {
        const run = await start();
        const repeated = again.map((index) => sent[index % sent.length] ?? []);
        const send = (points: readonly MetricPoint[]) =>
          tracking.log(run.id, { metrics: points.map((point) => ({ name: 'm', ...point })) });
        await Promise.all([...sent, ...repeated].map(send));
        await tracking.finishRun(context, run.id, { outcome: 'finished' });
        await Promise.all(sent.slice(0, 2).map(send));
        const expected = model(sent.flat());
        assert.deepEqual(await historyOf(tracking, run.id), expected);
        assert.deepEqual(await historyOf(tracking, run.id, { limit }), expected);
        const latest = (await tracking.run('flights', run.id)).metrics;
        assert.deepEqual(
          latest,
          expected.slice(-1).map((each) => ({ name: 'm', ...each })),
        );
        const [curve] = await tracking.metricCurves('flights', { runs: [run.id], metrics: ['m'], axis: 'step', buckets: 5 });
        assert.equal(curve?.points ?? 0, expected.length);
      }),
      { numRuns: 8 },
    );
  },
);

testTracking('long curves are sealed, and read the same in pages, ranges and buckets', async ({ tracking, start, database }) => {
  const run = await start();
  const points = Array.from({ length: 6000 }, (_, index) => ({
    step: Math.floor(index / 2) - 100,
    time: 1000 + index * 7,
    value: index === 4321 ? 99 : index % 10,
  }));
  // Every second batch comes late, so that chunks overlap, and each comes twice.
  const parts = Array.from({ length: 60 }, (_, part) => points.slice(part * 100, part * 100 + 100));
  for (const part of [...parts.filter((_, index) => index % 2 === 0), ...parts.filter((_, index) => index % 2 === 1), ...parts]) {
    await tracking.log(run.id, { metrics: part.map((point) => ({ name: 'm', ...point })) });
  }
  assert.ok((await rowsOf(database, 'metric_chunks')) >= 4);
  assert.ok((await rowsOf(database, 'metric_points')) < 20);
  assert.deepEqual(await historyOf(tracking, run.id), points);
  assert.deepEqual(await historyOf(tracking, run.id, { limit: 997 }), points);
  const range = await tracking.metricHistory(run.id, { metric: 'm', fromStep: 1500, toStep: 1501, limit: 10 });
  assert.deepEqual(range, { items: points.filter(({ step }) => step === 1500 || step === 1501), more: false });
  for (const axis of ['step', 'time'] as const) {
    const [curve] = await tracking.metricCurves('flights', { runs: [run.id], metrics: ['m'], axis, buckets: 3 });
    assert.equal(curve?.points, 6000);
    assert.deepEqual(
      curve.buckets.map(({ count, max }) => [count, max]),
      [
        [2000, 9],
        [2000, 9],
        [2000, 99],
      ],
    );
    const sum = curve.buckets.reduce((total, { count, mean }) => total + count * (mean ?? 0), 0);
    assert.ok(Math.abs(sum - points.reduce((total, point) => total + point.value, 0)) < 1e-6);
  }
});

testTracking('a chunk that lies in one bucket counts as its points do', async ({ tracking, start }) => {
  const [sealed, open] = [await start(), await start()];
  const values = [Number.NaN, 1, Infinity, 2];
  const points = Array.from({ length: 5000 }, (_, step) => ({
    name: 'm',
    step,
    time: step,
    value: step < 3000 ? (values[step % 4] ?? 0) : step,
  }));
  for (let from = 0; from < 5000; from += 1000) await tracking.log(sealed.id, { metrics: points.slice(from, from + 1000) });
  await tracking.finishRun(context, sealed.id, { outcome: 'finished' });
  await tracking.log(open.id, { metrics: points });
  // An unsealed point within each chunk keeps it from being counted by its summary.
  for (let step = 0; step < 5000; step += 100) await tracking.log(open.id, { metrics: points.slice(step, step + 1) });
  for (const request of [{ buckets: 2 }, { buckets: 7, from: 10, to: 4800 }, { buckets: 1 }]) {
    const drawn = await tracking.metricCurves('flights', { runs: [sealed.id, open.id], metrics: ['m'], axis: 'step', ...request });
    assert.deepEqual(drawn[0]?.buckets, drawn[1]?.buckets);
    assert.equal(drawn[0]?.points, drawn[1]?.points);
  }
});

testTracking('an ended run keeps even short curves as chunks, and takes more', async ({ tracking, start, database }) => {
  const run = await start();
  const points = (from: number) => Array.from({ length: 40 }, (_, index) => ({ name: 'm', step: from + index, time: 1, value: index }));
  await tracking.log(run.id, { metrics: points(0) });
  await tracking.finishRun(context, run.id, { outcome: 'finished' });
  assert.deepEqual([await rowsOf(database, 'metric_points'), await rowsOf(database, 'metric_chunks')], [0, 1]);
  await tracking.reopenRun(context, run.id);
  await tracking.log(run.id, { metrics: points(20) });
  await tracking.finishRun(context, run.id, { outcome: 'failed' });
  assert.equal(await rowsOf(database, 'metric_chunks'), 1);
  assert.equal((await historyOf(tracking, run.id)).length, 80);
});

testTracking('an ended run of many metrics is sealed part by part', async ({ tracking, start, database }) => {
  const run = await start();
  const metrics = Array.from({ length: 120 * 40 }, (_, index) => ({
    name: `m${index % 120}`,
    step: Math.floor(index / 120),
    value: index,
  }));
  await tracking.log(run.id, { metrics });
  await tracking.finishRun(context, run.id, { outcome: 'finished' });
  assert.deepEqual([await rowsOf(database, 'metric_points'), await rowsOf(database, 'metric_chunks')], [0, 120]);
  assert.equal((await historyOf(tracking, run.id, { metric: 'm7' })).length, 40);
});

testTracking('what a point measured besides its run comes back, and models know their newest metrics', async ({ tracking, start, api }) => {
  const [first, second] = [await start(), await start()];
  const on = (digest: string) => ({ modelId: 'm-1', datasetName: 'may', datasetDigest: digest });
  await tracking.log(first.id, {
    metrics: [
      { name: 'auc', value: 0.7, step: 5, time: 10, ...on('d1') },
      { name: 'auc', value: 0.6, step: 6, time: 9, ...on('d1') },
      { name: 'auc', value: 0.9, time: 10, ...on('d2') },
      { name: 'loss', value: Number.NaN, time: 1, modelId: 'm-1' },
      { name: 'loss', value: 1, time: 1, datasetName: 'may' },
      { name: 'loss', value: 2, time: 1, step: 1 },
    ],
  });
  await tracking.logMetric(second.id, { name: 'auc', value: 0.8, time: 11, ...on('d1') });
  await tracking.logMetric(second.id, { name: 'auc', value: 0.1, time: 1, ...on('d1') });
  await tracking.logMetric(first.id, { name: 'loss', value: 2, time: 1, step: 1, modelId: 'm-2' });
  assert.deepEqual((await tracking.metricHistory(first.id, { metric: 'auc', limit: 9 })).items, [
    { step: 0, time: 10, value: 0.9, ...on('d2') },
    { step: 5, time: 10, value: 0.7, ...on('d1') },
    { step: 6, time: 9, value: 0.6, ...on('d1') },
  ]);
  assert.deepEqual((await tracking.metricHistory(first.id, { metric: 'loss', limit: 9 })).items, [
    { step: 0, time: 1, value: Number.NaN, modelId: 'm-1' },
    { step: 0, time: 1, value: 1, datasetName: 'may' },
    { step: 1, time: 1, value: 2, modelId: 'm-2' },
  ]);
  assert.deepEqual((await tracking.run('flights', first.id)).metrics[0], { name: 'auc', step: 6, time: 9, value: 0.6, ...on('d1') });
  const runs = '/api/v1/projects/flights/runs';
  const metrics = [{ name: 'f1', value: 'NaN', time: 3, ...on('d3') }];
  await api.call('POST', `${runs}/${second.id}/log`, { metrics });
  const { items } = await api.call<{ items: unknown[] }>('GET', `${runs}/${second.id}/metrics/f1`);
  assert.deepEqual(items, [{ step: 0, time: 3, value: 'NaN', ...on('d3') }]);
  const models = await tracking.modelMetrics('flights', ['m-1', 'm-2', 'm-3']);
  assert.deepEqual(Object.fromEntries(models), {
    'm-1': [
      { name: 'auc', run: second.id, step: 0, time: 11, value: 0.8, ...on('d1') },
      { name: 'auc', run: first.id, step: 0, time: 10, value: 0.9, ...on('d2') },
      { name: 'f1', run: second.id, step: 0, time: 3, value: Number.NaN, ...on('d3') },
      { name: 'loss', run: first.id, step: 0, time: 1, value: Number.NaN, modelId: 'm-1' },
    ],
    'm-2': [{ name: 'loss', run: first.id, step: 1, time: 1, value: 2, modelId: 'm-2' }],
    'm-3': [],
  });
  assert.deepEqual((await tracking.modelMetrics('other', ['m-1'])).get('m-1'), []);
});

const before: typeof trackingMigrations = {
  ...trackingMigrations,
  migrations: trackingMigrations.migrations.slice(
    0,
    trackingMigrations.migrations.findIndex(({ name }) => name === '003-metric-chunks'),
  ),
};

testOnEachDatabase('points of an older database become chunks', [eventMigrations, before], async (database) => {
  await database.transaction(async (tx) => {
    for (let from = 0; from < 9000; from += 500) {
      const rows = Array.from({ length: 500 }, (_, index) => ({
        run: 1 + Math.floor((from + index) / 5000),
        metric: 1,
        step: from + index,
        time: 7,
        value: index === 3 ? null : index / 7,
      }));
      await tx.query<{ metric_points: (typeof rows)[number] }>().insertInto('metric_points').values(rows).execute();
    }
    await sql`insert into metric_latest (run, metric, step, time, value) values (1, 1, 4999, 7, null)`.execute(tx.query());
  });
  await database.migrate([eventMigrations, trackingMigrations]);
  const { rows } = await sql<{
    run: number;
    points: number | string;
    missing: number | string;
  }>`select run, sum(count) as points, sum(missing) as missing
    from metric_chunks group by run order by run`.execute(database.query());
  assert.deepEqual(
    rows.map(({ run, points, missing }) => [run, Number(points), Number(missing)]),
    [
      [1, 5000, 10],
      [2, 4000, 8],
    ],
  );
  const latest = await sql<object>`select * from metric_latest`.execute(database.query());
  assert.deepEqual({ ...latest.rows[0] }, { run: 1, metric: 1, step: 4999, time: 7, value: null, subject: 0 });
});

testTracking('a dump carries every point to another database', async ({ tracking, start, database, objects, ids, clock }) => {
  const run = await start();
  const odd = [Number.NaN, Infinity, -Infinity, -0, 5e-324, 0.1 + 0.2];
  await tracking.log(run.id, {
    metrics: odd.map((each, step) => ({ name: 'm', value: each, step: step + 2 ** 53 - 10, time: -(2 ** 53) })),
  });
  const long = Array.from({ length: 2000 }, (_, step) => ({ name: 'long', value: odd[step % 6] ?? 0, step, time: step }));
  await tracking.log(run.id, { metrics: long });
  const dump: TableRows[] = [];
  // By JSON, as a backup does.
  await dumpTables(database, async (rows) => void dump.push(JSON.parse(JSON.stringify(rows)) as TableRows));
  const folder = mkdtempSync(join(tmpdir(), 'ripen-metrics-'));
  const other = await openDatabase(`sqlite:${folder}/other.db`);
  try {
    await other.migrate(sets);
    await restoreTables(other, async function* () {
      yield* dump;
    });
    const events = createEventLog({ database: other, clock, ids });
    const copy = createTracking({ kernel: { clock, ids, events, objects }, identity: projects });
    for (const metric of ['m', 'long']) {
      assert.deepEqual(await historyOf(copy, run.id, { metric }), await historyOf(tracking, run.id, { metric }));
    }
    assert.deepEqual((await copy.run('flights', run.id)).metrics, (await tracking.run('flights', run.id)).metrics);
    await copy.log(run.id, { metrics: long.slice(0, 10).map((point) => ({ ...point, step: point.step + 5000 })) });
    assert.equal((await historyOf(copy, run.id, { metric: 'long' })).length, 2010);
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});
