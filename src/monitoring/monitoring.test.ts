import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { systemActor } from '#kernel/events/index.ts';
import { bytesOf, flightsOf, ground, lineOf, may, monitoringSets, setUp, watched } from './testing.ts';

const at = ground();
const production = { ...watched, environment: 'production' };

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 10));
}

testOnEachDatabase(
  'what was due before a restart is evaluated after it, and time alone ends a window',
  monitoringSets,
  async (database) => {
    const { deploy, send, label, server, clock, events } = setUp(database, at(), { monitoring: { label_delay: '1h' } });
    await deploy();
    const flights = flightsOf(0);
    await send(flights.map((flight) => lineOf(flight)));
    await label(flights.slice(0, 10));
    // The first server is gone; its jobs are in the database.
    const { monitoring, jobs } = server();
    const windows = () => monitoring.windows(watched, { limit: 10 });
    await jobs.start();
    try {
      clock.advance(1000);
      await until(async () => (await windows())[0]?.labelled === 10);
      assert.equal((await windows())[0]?.state, 'open');
      clock.advance(20_000);
      await until(async () => (await windows())[0]?.state === 'closed');
      clock.advance(3_600_000);
      await until(async () => (await windows())[0]?.state === 'complete');
      assert.equal((await events.find({ types: ['monitor.window.evaluated'] })).length, 1);
    } finally {
      await jobs.stop();
    }
  },
);

testOnEachDatabase(
  'a monitor follows what is served, keeps its rules through a wrong declaration, and cuts anew for a new length',
  monitoringSets,
  async (database) => {
    const { deploy, send, evaluate, windows, eventsOf, declaration, monitoring, events } = setUp(database, at(), {
      monitoring: { window: '1d' },
    });
    await events.change({ actor: systemActor, project: 'flights' }, async (change) =>
      change.emit({
        type: 'service.deployed',
        source: 'serving',
        subject: 'x',
        data: { deployment: 'flight-delay', environment: 'staging', model: 'm', version: '1' },
      }),
    );
    await deploy();
    assert.deepEqual(
      (await eventsOf('monitor.created')).map(({ data }) => [data['deployment'], data['monitors']]),
      [['flight-delay', ['service', 'data', 'quality']]],
    );
    const flights = flightsOf(0);
    await send(flights.map((flight, index) => lineOf(flight, { version: index < 400 ? '1' : '2' })));
    await send(flightsOf(2).map((flight) => lineOf(flight)));
    await send(
      flightsOf(0).map((flight) => lineOf({ ...flight, id: `staging ${flight.id}` })),
      'staging',
      'staging',
    );
    await evaluate();
    assert.deepEqual(
      (await windows()).map(({ version, predictions }) => [version, predictions]),
      [
        ['1', 600],
        [undefined, 0],
        ['1', 600],
      ],
    );
    declaration.current = { monitoring: { windw: '6h' } };
    await deploy('2');
    assert.equal((await eventsOf('monitor.created')).length, 1);
    assert.equal((await monitoring.summaries('flights'))[0]?.window, 86_400_000);
    declaration.current = { monitoring: { window: '6h' } };
    await monitoring.reload({ actor: systemActor }, watched);
    await evaluate();
    const found = await windows();
    assert.deepEqual(
      found.slice(0, 5).map(({ start, predictions }) => [(start - may) / 3_600_000, predictions]),
      [
        [0, 150],
        [6, 150],
        [12, 150],
        [18, 150],
        [24, 0],
      ],
    );
    assert.deepEqual(
      found.slice(0, 4).map(({ version }) => version),
      ['1', '1', '1', '2'],
    );
    await assert.rejects(monitoring.reload({ actor: systemActor }, { ...watched, deployment: 'none' }), {
      code: 'monitoring.monitor-not-found',
    });
  },
);

/** All of it with RIPEN_TEST_LARGE=1, a tenth otherwise. */
const large = process.env['RIPEN_TEST_LARGE'] === '1';

test('a season of predictions in 60 windows', async (context) => {
  const directory = join(at().directory, 'season');
  const database = await openDatabase(`sqlite:${directory}.db`);
  try {
    await database.migrate(monitoringSets);
    const { deploy, monitoring, windows, label } = setUp(database, at());
    await deploy();
    const count = large ? 3334 : 334;
    const days = Array.from({ length: 60 }, (_, number) => flightsOf(number, { count }));
    const times = [performance.now()];
    for (let number = 0; number < 60; number += 4) {
      const content = days
        .slice(number, number + 4)
        .flat()
        .map((flight) => lineOf(flight))
        .join('\n');
      await monitoring.receiveSegment(production, { segment: `season ${number}`, body: bytesOf(content) });
    }
    times.push(performance.now());
    for (let number = 0; number < 60; number += 15) await label(days.slice(number, number + 15).flat());
    times.push(performance.now());
    await monitoring.evaluate(watched);
    times.push(performance.now());
    const found = await windows();
    assert.ok(found.length === 60 && found.every(({ predictions, labelled }) => predictions === count && labelled === count));
    const [received, labelled, evaluated] = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
    context.diagnostic(
      `${count * 60} predictions: received in ${received} ms, labelled in ${labelled} ms, 60 windows evaluated in ${evaluated} ms`,
    );
  } finally {
    await database.close();
  }
});
