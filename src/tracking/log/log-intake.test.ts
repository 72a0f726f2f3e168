import assert from 'node:assert/strict';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog } from '#kernel/events/index.ts';
import { manualClock } from '#kernel/clock.ts';
import { countingIds } from '#kernel/ids.ts';
import { type LoggedRun, seriesOf } from './log-entry.ts';
import { createLogIntake } from './log-intake.ts';
import { createLoggedRuns } from '../runs/logged-runs.ts';
import { createRunNames } from './name-store.ts';
import { runAlone } from '../metrics/subject-store.ts';
import { context, projects, sets, testTracking } from '../testing.ts';
import { createTracking } from '../tracking.ts';
import { insertRuns } from '../runs/run-store.ts';

/** The database, counting its direct transactions. */
function counting(database: Database): { database: Database; count: () => number } {
  let count = 0;
  const direct: Database['direct'] = (work) => {
    count++;
    return database.direct(work);
  };
  return { database: { ...database, direct }, count: () => count };
}

testTracking('a call that cannot be written fails alone, whatever is written with it', async ({ tracking, start }) => {
  const [good, deleted] = [await start(), await start()];
  await tracking.log(good.id, { metrics: [{ name: 'm', value: 0 }], parameters: { p: 1 }, tags: { t: '' } });
  // So that all names are known, and the calls below wait for one commit in their order.
  await tracking.log(deleted.id, { metrics: [{ name: 'm', value: 0 }], parameters: { fresh: 'other' } });
  await tracking.deleteRun(context, deleted.id);
  const results = await Promise.allSettled([
    tracking.log(good.id, { metrics: [{ name: 'm', value: 1, step: 1 }] }),
    tracking.log(good.id, { metrics: [{ name: 'm', value: 2, step: 2 }], parameters: { p: 2 }, tags: { t: 'lost' } }),
    tracking.logMetric(deleted.id, { name: 'm', value: 3, step: 3 }),
    tracking.logMetric('nobody', { name: 'm', value: 3, step: 3 }),
    tracking.log({ run: good.id, project: 'other' }, { metrics: [{ name: 'm', value: 4 }] }),
    tracking.log(good.id, { parameters: { fresh: 'first' } }),
    tracking.log(good.id, { parameters: { fresh: 'second' }, tags: { t: 'lost' } }),
    tracking.logMetric(good.id, { name: 'm', value: 5, step: 5 }),
    tracking.logMetric(good.id, { name: 'm', value: 5, step: 0.5 }),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? 'written' : (result.reason as { code: string }).code)),
    [
      'written',
      'tracking.parameter-changed',
      'tracking.run-deleted',
      'tracking.run-not-found',
      'tracking.run-not-found',
      'written',
      'tracking.parameter-changed',
      'written',
      'tracking.metric-invalid',
    ],
  );
  const run = await tracking.run('flights', good.id);
  assert.deepEqual({ ...run.parameters }, { fresh: 'first', p: '1' });
  assert.deepEqual({ ...run.tags }, { t: '' });
  assert.deepEqual(
    (await tracking.metricHistory(good.id, { metric: 'm', limit: 10 })).items.map(({ value }) => value),
    [0, 1, 5],
  );
});

testTracking('a run that is deleted, restored and ended is seen as what it is at once', async ({ tracking, start }) => {
  const run = await start();
  const log = (step: number) => tracking.logMetric(run.id, { name: 'm', value: step, step });
  await log(1);
  await tracking.deleteRun(context, run.id);
  await assert.rejects(log(2), { code: 'tracking.run-deleted' });
  await tracking.restoreRun(context, run.id);
  await log(3);
  await tracking.finishRun(context, run.id, { outcome: 'finished' });
  await log(4);
  assert.deepEqual(
    (await tracking.metricHistory(run.id, { metric: 'm', limit: 10 })).items.map(({ step }) => step),
    [1, 3, 4],
  );
});

async function openIntake(plain: Database, options?: { mostWaiting: number }) {
  const { database, count } = counting(plain);
  const events = createEventLog({ database, clock: manualClock(), ids: countingIds() });
  const { metric = 0 } = Object.fromEntries(await createRunNames(database).intern('flights', 'metric', ['metric']));
  const numbers = await events.change(context, (change) =>
    insertRuns(change, [
      {
        id: 'r1',
        project: 'flights',
        experiment: 1,
        name: 'r',
        state: 'running',
        started_at: 0,
        finished_at: null,
        deleted_at: null,
        deleted_with_experiment: null,
        started_by: '{}',
        started_by_name: '',
        pipeline_run: null,
        parent_run: null,
        git_commit: null,
        dirty: null,
        code_digest: null,
        environment_digest: null,
        compute_target: 'here',
        cpu_ms: null,
        peak_memory_bytes: null,
        request_key: null,
      },
    ]),
  );
  const run: LoggedRun = { id: 'r1', number: numbers.get('r1') ?? 0, project: 'flights', series: new Map(), waiting: 0 };
  const intake = createLogIntake(database, options);
  const add = (step: number, weight = 64) =>
    intake.add({ run, series: seriesOf(run, metric, runAlone), step, time: 0, value: step, batch: undefined, weight });
  return { intake, run, add, count };
}

testOnEachDatabase('writers that log at once share a commit', sets, async (database) => {
  const { add, count, run } = await openIntake(database);
  await Promise.all(Array.from({ length: 12 }, (_, step) => add(step)));
  assert.equal(count(), 1);
  assert.equal(run.waiting, 0);
});

testOnEachDatabase('more than may wait is refused at once, and what waits is written', sets, async (database) => {
  const { add, count } = await openIntake(database, { mostWaiting: 1000 });
  const first = add(0, 5000);
  assert.throws(() => void add(1, 10), { code: 'tracking.overloaded', kind: 'overloaded' });
  await first;
  const fitting = Array.from({ length: 10 }, (_, step) => add(step, 100));
  assert.throws(() => void add(11, 1), { code: 'tracking.overloaded' });
  await Promise.all(fitting);
  await add(12);
  assert.equal(count(), 3);
});

testOnEachDatabase('logging inside a transaction is an error, not a deadlock', sets, async (database) => {
  const { add } = await openIntake(database);
  await assert.rejects(
    database.transaction(async () => add(1)),
    { code: 'database.nested-transaction' },
  );
});

testOnEachDatabase('an entry that the database refuses fails alone', sets, async (database) => {
  const { add, intake, run } = await openIntake(database);
  const broken = { series: [], steps: new Float64Array(), times: new Float64Array(), values: new Float64Array() };
  // A null where the table takes none: what no check above the database found.
  const tags = [{ number: Number.NaN, value: 'x' }];
  const entry = {
    run,
    series: undefined,
    step: 0,
    time: 0,
    value: 0,
    weight: 64,
    batch: { ...broken, parameters: [], removedTags: [], tags },
  };
  const results = await Promise.allSettled([add(1), intake.add(entry), add(2)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

testTracking('runs are forgotten when there are many, but not while something waits for them', async ({ database, start }) => {
  const [first, second, third] = [(await start()).id, (await start()).id, (await start()).id];
  const runs = createLoggedRuns(database, { mostRuns: 2 });
  const found = await runs.find({ run: first });
  found.waiting = 1;
  await runs.find({ run: second });
  await runs.find({ run: third });
  assert.equal(runs.known({ run: first }), found);
  assert.equal(runs.known({ run: second }), undefined);
  assert.equal(runs.known({ run: third, project: 'other' }), undefined);
  assert.equal(runs.known({ run: third, project: 'flights' })?.id, third);
});

testTracking('writers that never stop leave timers their turn', async ({ tracking, start }) => {
  const run = await start();
  const until = { stopped: false };
  const write = async () => {
    for (let step = 0; !until.stopped; step++) await tracking.logMetric(run.id, { name: 'm', value: 1, step });
  };
  const writers = Array.from({ length: 4 }, write);
  await new Promise((resolve) => setTimeout(resolve, 30));
  until.stopped = true;
  await Promise.all(writers);
});

testTracking('a full disk refuses the whole group, and nothing of it stays', async ({ tracking, start, database }) => {
  if (database.dialect !== 'sqlite') return;
  const run = await start();
  const limitPages = (pages: number) =>
    database.direct({
      sqlite: (connection) => void connection.prepare(`pragma max_page_count = ${pages}`).get(),
      postgres: async () => {},
    });
  const log = (step: number) =>
    tracking.log(run.id, {
      metrics: Array.from({ length: 900 }, (_, index) => ({ name: 'm', value: Math.sin(index), step: step * 900 + index })),
      parameters: { [`p${step}`]: 'x'.repeat(50_000) },
    });
  await log(0);
  // SQLite takes the size that the file has as the least limit.
  await limitPages(1);
  const results = await Promise.allSettled([log(1), log(2), log(3)]);
  for (const result of results)
    assert.equal(result.status === 'rejected' && (result.reason as { code: string }).code, 'database.disk-full');
  await limitPages(2 ** 30);
  const { items } = await tracking.metricHistory(run.id, { metric: 'm', limit: 10_000 });
  assert.equal(items.length, 900);
  assert.deepEqual(Object.keys((await tracking.run('flights', run.id)).parameters), ['p0']);
  await Promise.all([log(1), log(2), log(3)]);
  assert.equal((await tracking.metricHistory(run.id, { metric: 'm', limit: 10_000 })).items.length, 3600);
});

testTracking('several servers log to one run: each point is there once, and a parameter has one value', async ({ start, ...setting }) => {
  const { tracking, events, clock, ids, objects } = setting;
  const run = await start();
  const another = () => createTracking({ kernel: { clock, ids, events, objects }, identity: projects });
  const servers = [tracking, another(), another()];
  const points = Array.from({ length: 3000 }, (_, step) => ({ name: 'm', value: step, step, time: 1 }));
  let refused = 0;
  await Promise.all(
    servers.map(async (server, index) => {
      for (let part = 0; part < 30; part++) {
        const from = ((part + index * 7) % 30) * 100;
        await server.log(run.id, { metrics: points.slice(from, from + 100), parameters: { same: 'x' } });
        await server.log(run.id, { parameters: { [`p${part}`]: index } }).catch(() => refused++);
      }
    }),
  );
  const { items } = await tracking.metricHistory(run.id, { metric: 'm', limit: 10_000 });
  assert.deepEqual(
    items,
    points.map(({ step, time, value }) => ({ step, time, value })),
  );
  const { metrics, parameters } = await tracking.run('flights', run.id);
  assert.equal(metrics[0]?.step, 2999);
  assert.equal(Object.keys(parameters).length, 31);
  assert.equal(refused, 60);
});
