import { type Database, type Queryable } from '../database/index.ts';
import { jobErrors } from './errors.ts';
import { insertJob, reviveJob, selectJobs } from './job-store.ts';
import type { JobDefinition, Jobs, JobsOptions, NewSchedule, Schedule } from './model.ts';
import { advanceSchedule, deleteSchedule, dueSchedules, selectSchedule, selectSchedules, writeSchedule } from './schedule-store.ts';
import { nextTime } from './schedule-times.ts';
import { Ticker } from './ticker.ts';
import { Worker } from './worker.ts';

export function createJobs(options: JobsOptions): Jobs {
  const { database, clock, ids, log, pollMs = 500 } = options;
  const definitions = new Map<string, JobDefinition>();
  const worker = new Worker(options, definitions, () => ticker.wake());
  const ticker = new Ticker(pollMs, tick, (error) => log.error({ err: error }, 'looking for jobs failed'));
  let takeOver = options.takeOver ?? database.dialect === 'sqlite';

  async function tick(): Promise<void> {
    await worker.recover(takeOver);
    takeOver = false;
    await enqueueDueSchedules();
    await worker.takeDue();
  }

  async function enqueueDueSchedules(): Promise<void> {
    const now = clock.now();
    for (const schedule of await dueSchedules(database, now)) {
      const nextAt = nextTime(schedule.cron, schedule.zone, now);
      await database.transaction(async (tx) => {
        if (!(await advanceSchedule(tx, schedule, nextAt))) return;
        const payload = { ...schedule.payload, scheduledAt: schedule.nextAt };
        await insertJob(tx, ids.next(), { kind: schedule.kind, key: `schedule:${schedule.name}`, payload }, now);
      });
    }
  }

  return {
    define(kind, definition) {
      if (definitions.has(kind)) throw jobErrors['defined-twice']({ kind });
      definitions.set(kind, definition);
    },
    async enqueue(to, job) {
      const id = await within(to, (tx) => insertJob(tx, ids.next(), job, clock.now()));
      ticker.wake();
      return id;
    },
    schedule: (to, schedule) => within(to, (tx) => setSchedule(tx, schedule, clock.now())),
    unschedule: (to, name) => within(to, (tx) => deleteSchedule(tx, name)),
    schedules: (prefix = '') => selectSchedules(database, prefix),
    find: (filter = {}) => selectJobs(database, filter),
    async revive(id) {
      if (!(await database.transaction((tx) => reviveJob(tx, id, clock.now())))) throw jobErrors['not-dead']({ id });
      ticker.wake();
    },
    async start() {
      ticker.start();
    },
    async stop() {
      await ticker.stop();
      await worker.stop();
    },
  };
}

async function setSchedule(tx: Queryable, wanted: NewSchedule, now: number): Promise<void> {
  const zone = wanted.zone ?? 'UTC';
  const present = await selectSchedule(tx, wanted.name);
  const kept = present?.cron === wanted.cron && present.zone === zone ? present.nextAt : undefined;
  const schedule: Schedule = { ...wanted, zone, nextAt: kept ?? nextTime(wanted.cron, zone, now), lastAt: present?.lastAt };
  await writeSchedule(tx, schedule);
}

function within<Result>(to: Queryable | Database, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
  return 'transaction' in to ? to.transaction(work) : work(to);
}
