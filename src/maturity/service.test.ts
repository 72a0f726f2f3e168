import assert from 'node:assert/strict';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { silentLog } from '#kernel/log.ts';
import { createIdentity, identityMigrations } from '#identity/index.ts';
import { type AssessmentSummaryWire, type AssessmentWire, createMaturity, maturityMigrations, type VerificationWire } from './index.ts';
import { ada, day, type Draft, minute, released, runStarted, testStart } from './testing.ts';

const sets = [eventMigrations, jobMigrations, identityMigrations, maturityMigrations];

async function setUp(database: Database) {
  const clock = manualClock(testStart);
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const server = () => {
    const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 5 });
    return { clock, ids, events, log: silentLog, database, jobs };
  };
  const kernel = server();
  const identity = createIdentity({ kernel, auth: 'none' });
  /** The same home under a new process. */
  const restarted = () => createMaturity({ kernel: server(), identity });
  await identity.projects.create({ actor: ada }, { name: 'flights' });
  const write = async (drafts: readonly Draft[], project = 'flights') => {
    for (const { type, data, actor = ada } of drafts) {
      clock.advance(minute);
      await events.change({ actor, project }, async (change) =>
        change.emit({ type, source: 'test', subject: `projects/${project}`, data }),
      );
    }
  };
  const maturity = createMaturity({ kernel, identity });
  return { clock, events, jobs: kernel.jobs, write, restarted, maturity, api: testApi(maturity.endpoints, ada) };
}

const state = (assessment: AssessmentWire, id: string) => assessment.criteria.find((one) => one.criterion.id === id)?.state;

testOnEachDatabase('the ladder over the API follows the events, and can be asked about the past', sets, async (database) => {
  const { api, write, events, clock } = await setUp(database);
  const path = '/api/v1/projects/flights/assessment';
  assert.equal(state(await api.call('GET', path), 'R-VC-1'), 'no_data');
  const before = (await events.head()).size;
  const beforeTime = new Date(clock.now()).toISOString();
  await write(released(1));
  await write([runStarted('elsewhere', { dirty: true })], 'other');
  assert.equal(state(await api.call('GET', path), 'R-VC-1'), 'pass');
  const past = await api.call<AssessmentWire>('GET', `${path}?at=${before}`);
  assert.deepEqual([state(past, 'R-VC-1'), past.upTo], ['no_data', before]);
  assert.equal((await api.call<AssessmentWire>('GET', `${path}?at=${beforeTime}`)).upTo, before);
  await api.call('GET', `${path}?at=yesterday`, undefined, { status: 400 });
  await api.call('GET', `${path}?at=99999`, undefined, { status: 404 });
  await api.call('GET', '/api/v1/projects/none/assessment', undefined, { status: 404 });
});

testOnEachDatabase('a recorded assessment is in the log and the history, and verifies later', sets, async (database) => {
  const { api, write, events } = await setUp(database);
  await write(released(1));
  const path = '/api/v1/projects/flights/assessments';
  const { id, evidenceRoot } = await api.call<AssessmentWire & { id: string }>('POST', path);
  const [event] = await events.find({ types: ['assessment.computed'] });
  assert.deepEqual([event?.data['evidenceRoot'], event?.data['stage']], [evidenceRoot, 'none']);
  await write(released(2));
  const { items } = await api.call<{ items: AssessmentSummaryWire[] }>('GET', path);
  assert.deepEqual(
    items.map((item) => [item.id, item.scores['R-VC-1']]),
    [[id, 1]],
  );
  const verification = await api.call<VerificationWire>('GET', `${path}/${id}/verification`);
  assert.deepEqual([verification.ok, verification.computedRoot], [true, evidenceRoot]);
  await api.call('GET', `${path}/none/verification`, undefined, { status: 404 });
});

testOnEachDatabase('facts are stored now and then, and a restart continues from them to the same result', sets, async (database) => {
  const { write, events, restarted, maturity } = await setUp(database);
  const many = Array.from({ length: 600 }, (_, index) => runStarted(`r${index}`));
  await events.change({ actor: ada, project: 'flights' }, async (change) => {
    for (const { type, data } of many) change.emit({ type, source: 'test', subject: 'projects/flights', data });
  });
  await maturity.start();
  const stored = () =>
    database.query<{ maturity_facts: { up_to: number } }>().selectFrom('maturity_facts').select('up_to').executeTakeFirst();
  while ((await stored()) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  await maturity.stop();
  await write([...released(1), runStarted('after', { dirty: true })]);
  const continued = await restarted().current('flights');
  assert.ok(((await stored())?.up_to ?? 0) >= 500);
  assert.deepEqual(continued, await maturity.current('flights'));
  assert.equal(continued.criteria.find((one) => one.criterion === 'R-VC-1')?.denominator, 602);
});

testOnEachDatabase('questions at the same time see whole facts', sets, async (database) => {
  const { write, maturity } = await setUp(database);
  await write(released(1));
  const roots = await Promise.all(Array.from({ length: 10 }, () => maturity.current('flights')));
  assert.equal(new Set(roots.map((one) => one.evidenceRoot)).size, 1);
});

testOnEachDatabase('each project is assessed once a day', sets, async (database) => {
  const { maturity, jobs, clock, write } = await setUp(database);
  await write(released(1));
  await maturity.start();
  await jobs.start();
  const recorded = async (count: number) => {
    while ((await maturity.history('flights', 10)).length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  clock.advance(day);
  await recorded(1);
  clock.advance(day);
  await recorded(2);
  await jobs.stop();
  await maturity.stop();
  assert.deepEqual((await jobs.find()).length, 0);
  assert.equal((await maturity.history('flights', 10)).length, 2);
});
