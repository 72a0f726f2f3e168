import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../canonical-json.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import type { Database } from '../database/index.ts';
import { testOnEachDatabase } from '../database/testing.ts';
import { randomIds } from '../ids.ts';
import { silentLog } from '../log.ts';
import { backoff } from './backoff.ts';
import { createJobs, type Job, jobMigrations, type Jobs, nextTime } from './index.ts';

interface Setting {
  readonly database: Database;
  readonly clock: ManualClock;
  /** Another server over the same database. */
  readonly make: () => Jobs;
  readonly jobs: Jobs;
}

/** Declares a test on each database; whatever happens in it, its servers are stopped. */
function testJobs(name: string, body: (setting: Setting) => Promise<void>, options: { takeOver?: boolean } = {}): void {
  testOnEachDatabase(name, [jobMigrations], async (database) => {
    const clock = manualClock();
    const made: Jobs[] = [];
    const make = () => {
      const jobs = createJobs({ database, clock, ids: randomIds(), log: silentLog, random: () => 0, pollMs: 5, ...options });
      made.push(jobs);
      return jobs;
    };
    try {
      await body({ database, clock, make, jobs: make() });
    } finally {
      await Promise.all(made.map((jobs) => jobs.stop()));
    }
  });
}

/** A handler that ends only when it is told to. */
function untilStopped(_: Job, signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

testJobs('a job is done once and is gone, and one key waits only once', async ({ database, jobs }) => {
  const seen: Json[] = [];
  jobs.define('ripen', { handle: async (job) => void seen.push(job.payload) });
  assert.ok(await jobs.enqueue(database, { kind: 'ripen', key: 'abate', payload: { pear: 1 } }));
  assert.equal(await jobs.enqueue(database, { kind: 'ripen', key: 'abate', payload: { pear: 2 } }), undefined);
  await database.transaction((tx) => jobs.enqueue(tx, { kind: 'ripen', payload: { pear: 3 } }));
  await assert.rejects(
    database.transaction(async (tx) => {
      await jobs.enqueue(tx, { kind: 'ripen', payload: { pear: 4 } });
      throw new Error('rolled back');
    }),
  );
  await jobs.start();
  await until(() => seen.length === 2);
  await jobs.stop();
  assert.deepEqual(seen, [{ pear: 1 }, { pear: 3 }]);
  assert.deepEqual(await jobs.find(), []);
});

testJobs('a job that waits is not taken before the transaction that counts on it is over', async ({ database, jobs }) => {
  let written = false;
  const seen: boolean[] = [];
  jobs.define('ripen', { handle: async () => void seen.push(written) });
  await jobs.enqueue(database, { kind: 'ripen', key: 'abate', payload: {} });
  const counting = database.transaction(async (tx) => {
    assert.equal(await jobs.enqueue(tx, { kind: 'ripen', key: 'abate', payload: {} }), undefined);
    await new Promise((resolve) => setTimeout(resolve, 150));
    written = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await jobs.start();
  await counting;
  await until(() => seen.length > 0);
  assert.deepEqual(seen, [true]);
});

testJobs('a failing job comes back later and later, then is dead and can be revived', async ({ database, jobs, clock }) => {
  const times: number[] = [];
  jobs.define('rot', {
    maxAttempts: 3,
    async handle() {
      times.push(clock.now());
      throw new Error('worm');
    },
  });
  const start = clock.now();
  await jobs.enqueue(database, { kind: 'rot', payload: null });
  await jobs.start();
  for (const wait of [500, 1000]) {
    await untilAsync(async () => (await jobs.find({ state: 'queued' })).some((job) => job.lastError === 'worm' && job.runAt > clock.now()));
    clock.advance(wait);
  }
  await untilAsync(async () => (await jobs.find({ state: 'dead' })).length === 1);
  assert.deepEqual(
    times.map((time) => time - start),
    [0, 500, 1500],
  );
  const [dead] = await jobs.find({ state: 'dead' });
  assert.equal(dead?.attempts, 3);
  await jobs.revive(dead.id);
  await until(() => times.length === 4);
  await jobs.stop();
  await assert.rejects(jobs.revive(dead.id), { code: 'jobs.not-dead' });
});

testJobs(
  'a job of a dead process is taken again when its lease ends, and the dead one cannot touch it',
  async ({ database, make, clock }) => {
    const taken: string[] = [];
    const first = make();
    first.define('ripen', { leaseMs: 300, concurrency: 1, handle: (job, signal) => (taken.push('first'), untilStopped(job, signal)) });
    await first.enqueue(database, { kind: 'ripen', payload: null });
    await first.start();
    await until(() => taken.length === 1);
    // The first one's heartbeats stand still with the clock; for the second one its time has passed.
    const second = make();
    second.define('ripen', { leaseMs: 100_000, handle: async (job) => void taken.push(`second ${job.attempts}`) });
    clock.advance(301);
    await second.start();
    await untilAsync(async () => {
      clock.advance(400);
      return taken.length === 2;
    });
    await first.stop();
    await second.stop();
    assert.deepEqual(taken, ['first', 'second 2']);
    assert.deepEqual(await second.find(), []);
  },
  { takeOver: false },
);

testJobs(
  'a new server takes over at once where it is the only one',
  async ({ database, make, clock }) => {
    let attempts = 0;
    const first = make();
    first.define('ripen', { concurrency: 1, handle: untilStopped });
    await first.enqueue(database, { kind: 'ripen', payload: null });
    await first.start();
    await untilAsync(async () => (await first.find({ state: 'running' })).length === 1);
    const second = make();
    second.define('ripen', { backoffMs: 1, handle: async (job: Job) => void (attempts = job.attempts) });
    await second.start();
    await untilAsync(async () => (clock.advance(1), attempts === 2));
  },
  { takeOver: true },
);

testJobs('stopping fires the signal, waits, and gives the job back without counting', async ({ database, jobs }) => {
  let started = false;
  jobs.define('ripen', {
    handle: (_, signal) =>
      new Promise((_resolve, reject) => {
        started = true;
        signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason as Error), 20));
      }),
  });
  await jobs.enqueue(database, { kind: 'ripen', key: 'abate', payload: null });
  await jobs.start();
  await until(() => started);
  await jobs.stop();
  const [job] = await jobs.find();
  assert.deepEqual({ state: job?.state, attempts: job?.attempts }, { state: 'queued', attempts: 0 });
});

testJobs(
  'jobs of one key never run at once, and two workers never take one job',
  async ({ database, make }) => {
    const running = new Set<string>();
    let done = 0;
    const workers = [make(), make()];
    for (const worker of workers)
      worker.define('ripen', {
        concurrency: 8,
        async handle(job) {
          const name = job.key ?? job.id;
          assert.ok(!running.has(name));
          running.add(name);
          await new Promise((resolve) => setTimeout(resolve, 3));
          running.delete(name);
          done += 1;
        },
      });
    for (const worker of workers) await worker.start();
    let added = 0;
    for (let index = 0; index < 40; index++) {
      const key = index % 4 === 0 ? 'same' : undefined;
      if (await workers[index % 2]?.enqueue(database, { kind: 'ripen', key, payload: index })) added += 1;
    }
    await until(() => done === added);
    for (const worker of workers) await worker.stop();
    assert.equal(done, added);
  },
  { takeOver: false },
);

testJobs('a schedule runs on time, and after a pause makes up one run', async ({ database, make, clock }) => {
  const seen: Json[] = [];
  const begin = () => {
    const jobs = make();
    jobs.define('harvest', { handle: async (job) => void seen.push(job.payload) });
    return jobs;
  };
  const first = begin();
  await first.schedule(database, { name: 'daily', kind: 'harvest', cron: '0 6 * * *', payload: { field: 'north' } });
  const [schedule] = await first.schedules('dai');
  assert.equal(schedule?.nextAt, Date.UTC(2026, 0, 1, 6));
  await first.start();
  clock.set(Date.UTC(2026, 0, 1, 6));
  await until(() => seen.length === 1);
  await first.stop();
  clock.set(Date.UTC(2026, 0, 9, 7));
  const second = begin();
  await second.schedule(database, { name: 'daily', kind: 'harvest', cron: '0 6 * * *', payload: { field: 'north' } });
  await second.start();
  await until(() => seen.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await second.stop();
  assert.deepEqual(seen, [
    { field: 'north', scheduledAt: Date.UTC(2026, 0, 1, 6) },
    { field: 'north', scheduledAt: Date.UTC(2026, 0, 2, 6) },
  ]);
  assert.equal((await second.schedules())[0]?.nextAt, Date.UTC(2026, 0, 10, 6));
  await second.unschedule(database, 'daily');
  assert.deepEqual(await second.schedules(), []);
});

test('a time in the gap of spring is due once after it, a doubled time of autumn once', () => {
  const times = (cron: string, from: number, count: number) => {
    const found: string[] = [];
    for (let at = from; found.length < count;) {
      at = nextTime(cron, 'Europe/Berlin', at);
      found.push(new Date(at).toISOString());
    }
    return found;
  };
  assert.deepEqual(times('30 2 * * *', Date.UTC(2026, 2, 28, 12), 2), ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
  assert.deepEqual(times('30 2 * * *', Date.UTC(2026, 9, 24, 12), 2), ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
});

test('what is no schedule is refused with the reason', () => {
  assert.throws(() => nextTime('61 * * * *', 'UTC', 0), { code: 'jobs.invalid-cron' });
  assert.throws(() => nextTime('* * * * *', 'Europe/Nowhere', 0), { code: 'jobs.invalid-cron' });
  assert.throws(() => nextTime('0 0 31 2 *', 'UTC', 0), { code: 'jobs.never-due' });
});

test('the pause doubles up to its limit, with jitter between half and all', () => {
  const limits = { first: 1000, longest: 60_000 };
  assert.equal(
    backoff(1, limits, () => 0),
    500,
  );
  assert.equal(
    backoff(3, limits, () => 0),
    2000,
  );
  assert.ok(backoff(3, limits, () => 0.999) <= 4000);
  assert.equal(
    backoff(5000, limits, () => 0),
    30_000,
  );
});

async function until(condition: () => boolean): Promise<void> {
  await untilAsync(async () => condition());
}

async function untilAsync(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 5) {
    if (waited > 5000) assert.fail('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
