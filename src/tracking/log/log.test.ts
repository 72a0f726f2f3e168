import assert from 'node:assert/strict';
import { context, testTracking } from '../testing.ts';
import type { MetricPointWire, RunWire } from '../wire.ts';

const runs = '/api/v1/projects/flights/runs';

testTracking('NaN and infinities stay what they are, over HTTP too', async ({ api, tracking, start }) => {
  const run = await start();
  const values = [0.1, 'NaN', 'Infinity', '-Infinity', -0.1, 5e-324, 1.7976931348623157e308, 0.30000000000000004];
  const metrics = values.map((value, step) => ({ name: 'loss', value, step, time: 1 }));
  await api.call('POST', `${runs}/${run.id}/log`, { metrics });
  const history = await api.call<{ items: MetricPointWire[] }>('GET', `${runs}/${run.id}/metrics/loss`);
  assert.deepEqual(
    history.items.map((point) => point.value),
    values,
  );
  await tracking.log(run.id, { metrics: [{ name: 'loss', value: Number.NaN, step: 99 }] });
  assert.equal((await api.call<RunWire>('GET', `${runs}/${run.id}`)).metrics['loss'], 'NaN');
});

testTracking('the same points again change nothing, in any order; the latest is the greatest step', async ({ tracking, start }) => {
  const run = await start();
  const metrics = Array.from({ length: 2500 }, (_, step) => ({
    name: step % 2 === 0 ? 'a' : 'b',
    value: step / 10,
    step,
    time: 1000 + step,
  }));
  await tracking.log(run.id, { metrics: metrics.toReversed() });
  await tracking.log(run.id, { metrics: metrics.slice(0, 700) });
  await tracking.log(run.id, { metrics });
  const points = await tracking.metricHistory(run.id, { metric: 'a', limit: 10_000 });
  assert.equal(points.items.length, 1250);
  assert.deepEqual(points.items[1], { step: 2, time: 1002, value: 0.2 });
  const { metrics: latest } = await tracking.run('flights', run.id);
  assert.deepEqual(latest, [
    { name: 'a', step: 2498, time: 3498, value: 249.8 },
    { name: 'b', step: 2499, time: 3499, value: 249.9 },
  ]);
});

testTracking('a parameter never changes; its own value may be sent again, as number or text', async ({ tracking, start, api }) => {
  const run = await start();
  await tracking.log(run.id, { parameters: { epochs: 4, rate: 0.1, shuffle: true, note: '' } });
  await tracking.log(run.id, { parameters: { epochs: '4', rate: '0.1', shuffle: 'true', note: '', added: 'x' } });
  const body = { parameters: { fresh: 1, epochs: 5 }, tags: { t: 'v' }, metrics: [{ name: 'm', value: 1 }] };
  const problem = await api.call<{ code: string; details: object }>('POST', `${runs}/${run.id}/log`, body, { status: 409 });
  assert.equal(problem.code, 'tracking.parameter-changed');
  const after = await tracking.run('flights', run.id);
  assert.deepEqual({ ...after.parameters }, { added: 'x', epochs: '4', note: '', rate: '0.1', shuffle: 'true' });
  assert.deepEqual([{ ...after.tags }, after.metrics], [{}, []], 'nothing of a refused batch stays');
});

testTracking('tags change and go', async ({ api, start }) => {
  const run = await start();
  await api.call('POST', `${runs}/${run.id}/log`, { tags: { team: 'a', old: 'x', 'mlflow.note.content': '# ü' } });
  await api.call('POST', `${runs}/${run.id}/log`, { tags: { team: 'b', old: null, never: null } });
  assert.deepEqual((await api.call<RunWire>('GET', `${runs}/${run.id}`)).tags, { team: 'b', 'mlflow.note.content': '# ü' });
});

testTracking('names may be odd; what a database cannot keep is refused with a code', async ({ tracking, start, api }) => {
  const run = await start();
  const odd = ["'; drop table runs; --", '__proto__', 'constructor', 'größe/日本 🍐', '%_\\', 'a"b`c', '1'];
  await tracking.log(run.id, {
    parameters: Object.fromEntries(odd.map((name) => [name, name])),
    tags: Object.fromEntries(odd.map((name) => [name, name])),
    metrics: odd.map((name, index) => ({ name, value: index })),
  });
  const found = await api.call<RunWire>('GET', `${runs}/${run.id}`);
  assert.deepEqual(Object.keys(found.parameters).toSorted(), odd.toSorted());
  assert.deepEqual(Object.keys(found.metrics).toSorted(), odd.toSorted());
  for (const name of odd) {
    const history = await api.call<{ items: unknown[] }>('GET', `${runs}/${run.id}/metrics/${encodeURIComponent(name)}`);
    assert.equal(history.items.length, 1, name);
  }
  const refused = async (batch: Parameters<typeof tracking.log>[1], code: string) => assert.rejects(tracking.log(run.id, batch), { code });
  await refused({ tags: { big: 'x'.repeat(1024 * 1024 + 1) } }, 'tracking.value-too-long');
  await refused({ parameters: { big: 'x'.repeat(1024 * 1024 + 1) } }, 'tracking.value-too-long');
  await refused({ tags: { nul: 'a\0b' } }, 'tracking.value-invalid');
  await refused({ tags: { lone: '\ud800' } }, 'tracking.value-invalid');
  await refused({ metrics: [{ name: 'a\nb', value: 1 }] }, 'tracking.name-invalid');
  await refused({ metrics: [{ name: 'n'.repeat(251), value: 1 }] }, 'tracking.name-invalid');
  await refused({ metrics: [{ name: ' ', value: 1 }] }, 'tracking.name-invalid');
  await refused({ metrics: [{ name: 'm', value: 1, step: 1.5 }] }, 'tracking.metric-invalid');
  await refused({ metrics: Array.from({ length: 10_001 }, (_, step) => ({ name: 'm', value: 1, step })) }, 'tracking.batch-too-large');
  const response = await api.call<{ code: string }>(
    'POST',
    `${runs}/${run.id}/log`,
    { tags: { big: 'x'.repeat(1024 * 1024 + 1) } },
    { status: 413 },
  );
  assert.equal(response.code, 'tracking.value-too-long');
  const big = { tag: '🍐'.repeat(512 * 1024), parameter: 'ü'.repeat(1024 * 1024) };
  await tracking.log(run.id, { tags: { big: big.tag }, parameters: { big: big.parameter } });
  await tracking.log(run.id, { tags: { big: big.tag }, parameters: { big: big.parameter } });
  const { tags, parameters } = await tracking.run('flights', run.id);
  assert.ok(tags['big'] === big.tag && parameters['big'] === big.parameter);
});

testTracking('twenty writers log to one run at once and lose nothing', async ({ tracking, start }) => {
  const run = await start();
  const write = async (writer: number) => {
    for (let batch = 0; batch < 5; batch++) {
      const metrics = Array.from({ length: 20 }, (_, index) => ({
        name: `m${(index + writer) % 20}`,
        value: writer,
        step: batch * 20 + writer,
        time: 1,
      }));
      await tracking.log(run.id, {
        metrics,
        tags: { last: String(writer) },
        parameters: { [`p${writer}`]: batch === 0 ? 1 : '1', shared: 'same' },
      });
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)));
  const { metrics, parameters } = await tracking.run('flights', run.id);
  assert.equal(Object.keys(parameters).length, 21);
  assert.deepEqual(
    metrics.map(({ step, value }) => [step, value]),
    metrics.map(() => [99, 19]),
  );
  assert.equal((await tracking.metricHistory(run.id, { metric: 'm7', limit: 1000 })).items.length, 100);
});

testTracking('writers of different runs that use the same new names do not stop each other', async ({ tracking, start }) => {
  const started = await Promise.all(Array.from({ length: 10 }, () => start()));
  await Promise.all(
    started.map((run, index) => {
      const names = Array.from({ length: 50 }, (_, name) => `m${name}`);
      const metrics = (index % 2 === 0 ? names : names.toReversed()).map((name) => ({ name, value: index }));
      return tracking.log(run.id, { metrics });
    }),
  );
  for (const run of started) assert.equal((await tracking.run('flights', run.id)).metrics.length, 50);
  assert.equal((await tracking.names('flights', 'metric')).length, 50);
});

testTracking('a batch of 1000 points takes milliseconds', async ({ tracking, start }) => {
  const run = await start();
  const batch = (from: number) =>
    Array.from({ length: 1000 }, (_, index) => ({ name: `m${index % 4}`, value: index, step: from + index, time: from }));
  await tracking.log(run.id, { metrics: batch(0) });
  const started = performance.now();
  for (let count = 1; count <= 10; count++) await tracking.log(run.id, { metrics: batch(count * 1000) });
  const each = (performance.now() - started) / 10;
  assert.ok(each < 200, `a batch took ${each.toFixed(1)} ms`);
});

testTracking('an ended run still takes figures that are computed later', async ({ tracking, start }) => {
  const run = await start();
  await tracking.finishRun(context, run.id, { outcome: 'finished' });
  await tracking.log(run.id, { metrics: [{ name: 'late', value: 1 }] });
  assert.equal((await tracking.run('flights', run.id)).metrics.length, 1);
});
