import assert from 'node:assert/strict';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { flightsOf, ground, lineOf, monitoringSets, setUp, watched } from '../testing.ts';
import { listLabelFiles } from '../labels/label-store.ts';
import { listFiles } from '../predictions/prediction-store.ts';

const at = ground();

testOnEachDatabase('many small files become one, and the windows stay as they are', monitoringSets, async (database) => {
  const { deploy, send, label, evaluate, windows, jobs, clock } = setUp(database, at());
  await deploy();
  const flights = flightsOf(0, { count: 400 });
  for (let part = 0; part < 40; part++) {
    const some = flights.slice(part * 10, part * 10 + 10);
    await send(some.map((flight) => lineOf(flight)));
    await label(some, part === 0);
  }
  await label(flights.slice(0, 10));
  await send(flightsOf(2).map((flight) => lineOf(flight)));
  await evaluate();
  const before = (await windows())[0]?.metrics;
  const source = { ...watched, environment: 'production' };
  const old = (await listFiles(database, source)).map(({ digest }) => digest);
  await jobs.start();
  try {
    clock.advance(61_000);
    while ((await listFiles(database, source)).length > 1 || (await listLabelFiles(database, watched)).length > 2) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    clock.advance(601_000);
    while (await at().objects.has(old[0]!)) await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    await jobs.stop();
  }
  await label(flights.slice(10, 20), true);
  await label(flights.slice(10, 20));
  await evaluate();
  const after = (await windows())[0]?.metrics ?? {};
  // Sums over other files are added in another order.
  for (const [name, value] of Object.entries(before ?? {})) assert.ok(Math.abs(value - (after[name] ?? Number.NaN)) < 1e-12, name);
});
