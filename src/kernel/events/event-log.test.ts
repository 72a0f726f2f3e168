import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { manualClock } from '../clock.ts';
import type { Database } from '../database/index.ts';
import { testOnEachDatabase } from '../database/testing.ts';
import { countingIds } from '../ids.ts';
import {
  createEventLog,
  eventMigrations,
  proveConsistency,
  proveInclusion,
  type RipenEvent,
  subscribe,
  systemActor,
  verifyConsistency,
  verifyInclusion,
  verifyLog,
} from './index.ts';

const context = { actor: systemActor, project: 'flights' };

function logOver(database: Database) {
  return createEventLog({ database, clock: manualClock(), ids: countingIds() });
}

async function append(log: ReturnType<typeof logOver>, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await log.change(context, async (change) => {
      change.emit({
        type: 'pear.ripened',
        source: 'orchard',
        subject: `projects/flights/pears/${index}`,
        data: { index, note: 'Größe', gone: undefined },
      });
    });
  }
}

testOnEachDatabase('events are numbered without gaps, also when changes run at once and some fail', [eventMigrations], async (database) => {
  const log = logOver(database);
  const attempts = Array.from({ length: 30 }, (_, index) =>
    log.change(context, async (change) => {
      change.emit({ type: 'pear.ripened', source: 'orchard', subject: `pears/${index}`, data: {} });
      if (index % 3 === 0) throw new Error('dropped');
    }),
  );
  await Promise.allSettled(attempts);
  const numbers = (await log.find({})).map((event) => event.number);
  assert.deepEqual(
    numbers,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  assert.ok((await verifyLog(database)).ok);
});

testOnEachDatabase('every event has a proof of inclusion, every past size one of consistency', [eventMigrations], async (database) => {
  const log = logOver(database);
  await append(log, 11);
  for (let number = 1; number <= 11; number++) assert.ok(verifyInclusion(await proveInclusion(database, number)));
  for (let size = 0; size <= 11; size++) assert.ok(verifyConsistency(await proveConsistency(database, size, 11)));
  await assert.rejects(proveInclusion(database, 12), { code: 'events.no-such-number' });
});

testOnEachDatabase('a changed byte, a removed event and a cut-off end are found', [eventMigrations], async (database) => {
  const log = logOver(database);
  await append(log, 9);
  await database.transaction((tx) => sql`update events set data = '{"index":7}' where number = 4`.execute(tx.query()));
  assert.deepEqual(
    (await verifyLog(database)).faults.map(({ number, fault }) => ({ number, fault })),
    [{ number: 4, fault: 'changed' }],
  );
  await database.transaction((tx) => sql`delete from events where number = 9`.execute(tx.query()));
  assert.equal((await verifyLog(database)).faults.at(-1)?.fault, 'missing');
});

testOnEachDatabase('events are found by project, type prefix and subject', [eventMigrations], async (database) => {
  const log = logOver(database);
  await append(log, 3);
  await log.change({ actor: systemActor }, async (change) =>
    change.emit({ type: 'plum.picked', source: 'orchard', subject: 'plums', data: {} }),
  );
  assert.equal((await log.find({ project: 'flights' })).length, 3);
  assert.equal((await log.find({ types: ['pear.'] })).length, 3);
  assert.equal((await log.find({ types: ['plum.picked'] })).length, 1);
  assert.equal((await log.find({ subject: 'projects/flights' })).length, 3);
  assert.equal((await log.find({ order: 'newest-first', limit: 1 }))[0]?.type, 'plum.picked');
});

testOnEachDatabase(
  'a subscription sees each event in order, goes on where it stopped and repeats what failed',
  [eventMigrations],
  async (database) => {
    const log = logOver(database);
    await append(log, 3);
    const seen: number[] = [];
    let failOnce = true;
    const handle = async (event: RipenEvent) => {
      if (event.number === 2 && failOnce) {
        failOnce = false;
        throw new Error('not yet');
      }
      seen.push(event.number);
    };
    const stop = subscribe(log, { name: 'pears', from: 'start', handle });
    await until(() => seen.length === 3);
    await stop();
    await append(log, 2);
    const stopAgain = subscribe(log, { name: 'pears', from: 'start', handle });
    await until(() => seen.length === 5);
    await stopAgain();
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  },
);

testOnEachDatabase(
  'events of other types cost a subscription no write each, and are behind it when it stops',
  [eventMigrations],
  async (database) => {
    const log = logOver(database);
    let writes = 0;
    const counted = {
      ...log,
      database: {
        ...database,
        query: <Tables>() => database.query<Tables>(),
        transaction: <Result>(work: Parameters<typeof database.transaction<Result>>[0]) => {
          writes += 1;
          return database.transaction(work);
        },
      },
    };
    const seen: number[] = [];
    const stop = subscribe(counted, {
      name: 'plums',
      types: ['plum.picked'],
      from: 'start',
      handle: async ({ number }) => void seen.push(number),
    });
    for (let round = 0; round < 20; round++) await append(log, 1);
    await log.change({ actor: systemActor }, async (change) =>
      change.emit({ type: 'plum.picked', source: 'test', subject: 'plum', data: {} }),
    );
    await until(() => seen.length === 1);
    await append(log, 5);
    await stop();
    assert.ok(writes <= 4, `${writes} writes`);
    const cursors = await database.query<{ event_cursors: { number: number } }>().selectFrom('event_cursors').select('number').execute();
    assert.deepEqual(seen, [21]);
    assert.equal(cursors.length, 1);
    assert.ok((cursors[0]?.number ?? 0) >= 21);
  },
);

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 5000) assert.fail('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
