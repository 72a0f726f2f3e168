import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openDatabase } from '#kernel/database/index.ts';
import { createEventLog, verifyLog } from '#kernel/events/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { randomIds } from '#kernel/ids.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { projects } from './testing.ts';
import { createTracking } from './tracking.ts';

/** Logs batches to one run for ever, of which `c` is sealed again and again; says each batch once it is acknowledged. */
const writer = `
  import { openDatabase } from '#kernel/database/index.ts';
  import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
  import { systemClock } from '#kernel/clock.ts';
  import { randomIds } from '#kernel/ids.ts';
  import { openObjectStore } from '#kernel/objects/index.ts';
  import { createTracking, trackingMigrations } from '#tracking/index.ts';
  const folder = process.env.FOLDER;
  const database = await openDatabase('sqlite:' + folder + '/ripen.db');
  await database.migrate([eventMigrations, trackingMigrations]);
  const ids = randomIds();
  const events = createEventLog({ database, clock: systemClock, ids });
  const objects = await openObjectStore('file:' + folder + '/objects', { cacheDirectory: folder + '/cache' });
  const tracking = createTracking({ kernel: { clock: systemClock, ids, events, objects }, identity: { project: async (name) => ({ name }) } });
  const run = await tracking.startRun({ actor: systemActor }, { project: 'flights', experiment: 'crash' });
  console.log(run.id);
  for (let step = 0; ; step++) {
    const long = Array.from({ length: 200 }, (_, index) => ({ name: 'c', value: index, step: step * 200 + index, time: 1 }));
    await Promise.all([
      tracking.log(run.id, { metrics: [{ name: 'a', value: step, step }, { name: 'b', value: step, step }, ...long] }),
      tracking.log(run.id, { metrics: long }),
    ]);
    await tracking.putArtifact(run.id, 'file ' + step, { content: 'content of ' + step });
    console.log(step);
  }
`;

test('what was acknowledged before kill -9 is there afterwards, and nothing is half there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-crash-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === 30) child.kill('SIGKILL');
    }
    const [run = '', ...acknowledged] = lines;
    const database = await openDatabase(`sqlite:${folder}/ripen.db`);
    const objects = await openObjectStore(`file:${folder}/objects`, { cacheDirectory: `${folder}/cache` });
    const ids = randomIds();
    const events = createEventLog({ database, clock: systemClock, ids });
    const tracking = createTracking({ kernel: { clock: systemClock, ids, events, objects }, identity: projects });
    const history = async (metric: string) => (await tracking.metricHistory(run, { metric, limit: 100_000 })).items.map(({ step }) => step);
    const steps = await history('a');
    assert.ok(steps.length >= acknowledged.length, `${acknowledged.length} were acknowledged, ${steps.length} are there`);
    assert.deepEqual(await history('b'), steps);
    // Each point once, however often it was sent and sealed.
    assert.deepEqual(
      await history('c'),
      Array.from({ length: steps.length * 200 }, (_, step) => step),
    );
    const { metrics } = await tracking.run('flights', run);
    assert.equal(metrics.find(({ name }) => name === 'c')?.step, steps.length * 200 - 1);
    const artifacts = await tracking.artifacts(run);
    assert.ok(artifacts.length >= acknowledged.length);
    for (const artifact of artifacts) assert.match((await objects.read(artifact.digest)).toString(), /^content of \d+$/);
    assert.ok((await verifyLog(database)).ok);
    await objects.close();
    await database.close();
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
