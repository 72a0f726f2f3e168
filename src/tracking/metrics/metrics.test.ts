import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../runs/compare-runs.ts';
import { testTracking } from '../testing.ts';
import type { CurveWire, MetricPointWire, RunComparisonWire } from '../wire.ts';

const project = '/api/v1/projects/flights';

testTracking('a curve of many points keeps every peak and its share of NaN', async ({ tracking, start, api }) => {
  const run = await start();
  const metrics = Array.from({ length: 10_000 }, (_, step) => ({
    name: 'loss',
    value: step === 4321 ? 99 : step === 7000 ? Number.NaN : step % 10,
    step,
    time: 1000 + step * 7,
  }));
  await tracking.log(run.id, { metrics });
  const draw = async (body: object) =>
    (await api.call<{ curves: CurveWire[] }>('POST', `${project}/run-curves`, { runs: [run.id], metrics: ['loss'], ...body })).curves;
  const [curve] = await draw({ buckets: 100 });
  assert.ok(curve);
  assert.deepEqual([curve.points, curve.sampled, curve.from.length], [10_000, true, 100]);
  assert.deepEqual([curve.from[0], curve.to[0], curve.from[99], curve.to[99]], [0, 99, 9900, 9999]);
  assert.equal(curve.max[43], 99);
  assert.deepEqual([curve.min[0], curve.max[0], curve.mean[0]], [0, 9, 4.5]);
  assert.equal(
    curve.count.reduce((sum, count) => sum + count, 0),
    10_000,
  );
  assert.equal(curve.missing[70], 1);
  const [part] = await draw({ buckets: 50, from: 4320, to: 4330 });
  assert.deepEqual([part?.sampled, part?.points, part?.max[1]], [false, 11, 99]);
  const [overTime] = await draw({ axis: 'time', buckets: 10 });
  assert.deepEqual([overTime?.from[0], overTime?.to.at(-1), overTime?.from.length], [1000, 1000 + 9999 * 7, 10]);
  assert.deepEqual(await draw({ metrics: ['unknown'] }), []);
});

testTracking('a curve of NaN and infinities is drawn as what it is', async ({ tracking, start, api }) => {
  const run = await start();
  const values = [Number.NaN, Infinity, -Infinity, 1];
  await tracking.log(run.id, { metrics: values.map((value, step) => ({ name: 'm', value, step })) });
  const body = { runs: [run.id], metrics: ['m'], buckets: 4 };
  const { curves } = await api.call<{ curves: CurveWire[] }>('POST', `${project}/run-curves`, body);
  assert.deepEqual(curves[0]?.min, [null, 'Infinity', '-Infinity', 1]);
  assert.deepEqual(curves[0]?.missing, [1, 0, 0, 0]);
  const two = await api.call<{ curves: CurveWire[] }>('POST', `${project}/run-curves`, { ...body, buckets: 2 });
  assert.deepEqual(
    [two.curves[0]?.max, two.curves[0]?.missing],
    [
      ['Infinity', 1],
      [1, 0],
    ],
  );
});

testTracking('steps as far apart as numbers go fit into buckets', async ({ tracking, start }) => {
  const run = await start();
  const steps = [-(2 ** 53) + 1, -1, 0, 5, 2 ** 53 - 1];
  await tracking.log(run.id, { metrics: steps.map((step) => ({ name: 'm', value: 1, step })) });
  const [curve] = await tracking.metricCurves('flights', { runs: [run.id], metrics: ['m'], axis: 'step', buckets: 2 });
  assert.equal(curve?.points, 5);
  assert.equal(
    curve.buckets.reduce((sum, bucket) => sum + bucket.count, 0),
    5,
  );
});

testTracking('a history is read page by page, within steps, and several points may share a step', async ({ tracking, start, api }) => {
  const run = await start();
  const metrics = Array.from({ length: 50 }, (_, index) => ({ name: 'a b/ü', value: index, step: Math.floor(index / 5), time: index }));
  await tracking.log(run.id, { metrics });
  const address = `${project}/runs/${run.id}/metrics/${encodeURIComponent('a b/ü')}`;
  const values: unknown[] = [];
  let after: string | undefined;
  do {
    const query: string = after === undefined ? '' : `&after=${after}`;
    const page: { items: MetricPointWire[]; next?: string } = await api.call('GET', `${address}?limit=7${query}`);
    values.push(...page.items.map((point) => point.value));
    after = page.next;
  } while (after !== undefined);
  assert.deepEqual(
    values,
    metrics.map((metric) => metric.value),
  );
  assert.equal((await api.call<{ items: unknown[] }>('GET', `${address}?fromStep=3&toStep=4`)).items.length, 10);
  await api.call('GET', `${address}?after=1;drop`, undefined, { status: 400 });
  const latest = await api.call<{ items: unknown[] }>('GET', `${project}/runs/${run.id}/metrics`);
  assert.deepEqual(latest.items, [{ name: 'a b/ü', step: 9, time: 49, value: 49 }]);
});

testTracking('runs are compared side by side, differences first', async ({ tracking, start, api }) => {
  const [first, second] = [await start('first'), await start('second')];
  await tracking.log(first.id, {
    parameters: { epochs: 4, seed: 1, only: 'x' },
    metrics: [
      { name: 'auc', value: 0.6 },
      { name: 'nan', value: Number.NaN },
    ],
  });
  await tracking.log(second.id, {
    parameters: { epochs: 8, seed: 1 },
    metrics: [
      { name: 'auc', value: 0.7 },
      { name: 'nan', value: Number.NaN },
    ],
  });
  await tracking.addInputs(first.id, [{ dataset: 'flights', snapshot: 1, digest: 'd1' }]);
  await tracking.addInputs(second.id, [{ dataset: 'flights', snapshot: 2, digest: 'd2' }]);
  const comparison = await api.call<RunComparisonWire>('POST', `${project}/run-comparison`, { runs: [first.id, second.id, first.id] });
  assert.equal(comparison.runs.length, 2);
  assert.deepEqual(comparison.parameters, [
    { name: 'epochs', values: ['4', '8'], differs: true },
    { name: 'only', values: ['x', null], differs: true },
    { name: 'seed', values: ['1', '1'], differs: false },
  ]);
  assert.deepEqual(comparison.metrics.at(-1), { name: 'nan', values: ['NaN', 'NaN'], differs: false });
  assert.deepEqual(comparison.inputs, [{ name: 'flights', values: ['@1 d1', '@2 d2'], differs: true }]);
  await api.call('POST', `${project}/run-comparison`, { runs: [first.id, 'none'] }, { status: 404 });
  await api.call('POST', `${project}/run-comparison`, { runs: Array.from({ length: 101 }, (_, index) => String(index)) }, { status: 413 });
});

test('a comparison of nothing is empty', () => {
  assert.deepEqual(rowsOf([]), []);
  assert.deepEqual(rowsOf([new Map()]), []);
});
