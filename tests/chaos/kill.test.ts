import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import type { RowPageWire, SnapshotWire } from '../../src/data/index.ts';
import type { EventWire, VerificationWire } from '../../src/governance/index.ts';
import { seededRandom } from '../../src/kernel/statistics/index.ts';
import type { PredictionWire } from '../../src/monitoring/wire.ts';
import type { MetricPointWire, RunWire } from '../../src/tracking/index.ts';
import { eventually } from '../testing/eventually.ts';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { launch, type Ripen, ripen, ripenJson } from '../testing/launch.ts';
import { createShop, deployment, endOfRun, gateway, releaseFirst, shop, writeSmallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { type Acknowledged, type Current, keepWriting } from './writers.ts';
import { killOne, type Victim, victims } from './victims.ts';

// Fifty times kill -9 at random moments, while everything is written to. What was answered with yes must be there afterwards.

const rounds = 50;
const patienceMs = 4000;
const fewest = 5;
const seed = Number(process.env['RIPEN_TEST_SEED'] ?? Date.now() % 1_000_000);
const home = temporaryFolder();
const project = join(temporaryFolder(), 'shop');
const tiny = `
  tiny:
    parameters: { number: 0 }
    steps:
      tiny-step:
        command: ': tiny-step; sleep 0.3; cat "$RIPEN_PARAMETERS" > "$RIPEN_OUTPUT_PARAMETERS"'
        parameters: [number]
        outputs: { parameters: parameters.json }
        retries: 100
        backoff: 100ms
`;

let server: Ripen;
let acknowledged: Acknowledged;
// One process less between us and the server: the kill must hit the server itself.
const start = (): Promise<Ripen> => launch({ home, node: process.execPath });

before(
  async () => {
    await writeSmallProject(project, {}, tiny);
    server = await start();
    await createShop(server.client, project);
    const current: Current = { client: server.client, gateway: await releaseFirst(server.client) };
    const writing = new AbortController();
    const { acknowledged: said, ended } = await keepWriting(current, writing.signal);
    acknowledged = said;
    const began = performance.now();
    try {
      await killAgainAndAgain(current);
    } finally {
      writing.abort();
      await ended;
    }
    const { metrics, parameters, snapshots, pipelineRuns, predictions, labels } = acknowledged;
    process.stdout.write(
      `${Math.round((performance.now() - began) / 1000)} s; acknowledged: ${metrics.length} metrics, ${parameters.length} parameters, ` +
        `${snapshots.size} snapshots, ${pipelineRuns.length} pipeline runs, ${predictions.length} predictions, ${labels.size} labels\n`,
    );
  },
  { timeout: 600_000 },
);
after(async () => {
  await server.stop();
});

/** Fifty rounds: wait for a random moment, kill, and start the server again when it was the one. */
async function killAgainAndAgain(current: Current): Promise<void> {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random.next() * count);
  const killed = new Map<Victim, number>();
  for (let round = 0; round < rounds; round++) {
    await pause(100 + random.next() * 900);
    const wanted = random.next() < 0.35 ? 'server' : (victims[1 + below(victims.length - 1)] ?? 'server');
    const victim = wanted !== 'server' && (await findAndKill(wanted, below)) ? wanted : 'server';
    killed.set(victim, (killed.get(victim) ?? 0) + 1);
    if (victim !== 'server') continue;
    await server.kill();
    server = await start();
    current.client = server.client;
  }
  process.stdout.write(`seed ${seed}; killed: ${[...killed].map(([victim, count]) => `${victim} ${count}`).join(', ')}\n`);
}

/** After a start it takes a while until everything runs again. */
async function findAndKill(kind: Exclude<Victim, 'server'>, below: (count: number) => number): Promise<boolean> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(20)) if (killOne(home, kind, below) !== undefined) return true;
  return false;
}

test('enough was written between the kills to prove something', () => {
  const { metrics, parameters, snapshots, pipelineRuns, predictions, labels } = acknowledged;
  const counts = [metrics.length, parameters.length, snapshots.size, pipelineRuns.length, predictions.length, labels.size];
  assert.ok(
    counts.every((count) => count >= fewest),
    `${counts.join(', ')} with seed ${seed}`,
  );
});

test('every acknowledged metric and parameter is there', async () => {
  const { items } = await server.client.get<{ items: MetricPointWire[] }>(`${shop}/runs/${acknowledged.run}/metrics/wave`, {
    limit: 10_000,
  });
  const values = new Map(items.map(({ step, value }) => [step, value]));
  assert.deepEqual(
    acknowledged.metrics.filter((step) => values.get(step) !== 2 * step),
    [],
    `seed ${seed}`,
  );
  const run = await server.client.get<RunWire>(`${shop}/runs/${acknowledged.run}`);
  assert.deepEqual(
    acknowledged.parameters.filter((number) => run.parameters[`p${number}`] !== String(number)),
    [],
    `seed ${seed}`,
  );
});

test('every acknowledged snapshot is there with its rows, numbers have no gap, and nothing was loaded twice', async () => {
  const { items } = await server.client.get<{ items: SnapshotWire[] }>(`${shop}/datasets/drops/snapshots`, { limit: 500 });
  const numbers = items.map(({ number }) => number).toSorted((a, b) => a - b);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
    `seed ${seed}`,
  );
  const { rows } = await server.client.get<RowPageWire>(`${shop}/datasets/drops/snapshots/latest/rows`, { limit: 500 });
  const values = rows.map(([value]) => Number(value));
  assert.equal(new Set(values).size, values.length, `a value came twice with seed ${seed}: ${values.join(' ')}`);
  for (const [number, value] of acknowledged.snapshots) assert.equal(values[number - 1], value, `snapshot ${number} with seed ${seed}`);
});

test('every acknowledged pipeline run ends well', async () => {
  for (const id of acknowledged.pipelineRuns) {
    const { state, failure, steps } = await endOfRun(server.client, id);
    assert.equal(state, 'succeeded', `${id} with seed ${seed}: ${JSON.stringify(failure ?? steps)}`);
  }
});

test('every answered prediction is in the log once, and every acknowledged label with it', async () => {
  await gateway(server.client);
  const look = async (ids: readonly string[]): Promise<readonly PredictionWire[]> =>
    (await server.client.get<{ items: PredictionWire[] }>(`${shop}/deployments/${deployment}/predictions`, { ids: ids.join(',') })).items;
  for (let from = 0; from < acknowledged.predictions.length; from += 50) {
    const ids = acknowledged.predictions.slice(from, from + 50);
    const found = await eventually(`the predictions from ${ids[0]} are in the log (seed ${seed})`, async () => {
      const items = await look(ids);
      return ids.every((id) => items.some((item) => item.id === id)) ? items : undefined;
    });
    assert.equal(found.length, ids.length, `a prediction is there twice (seed ${seed})`);
    for (const { id, labels } of found) {
      const label = acknowledged.labels.get(id);
      if (label !== undefined) assert.equal(labels.at(-1)?.value, label, `the label of ${id} (seed ${seed})`);
    }
  }
});

test('the event chain verifies, its numbers have no gap, and the doctor finds no fault', async () => {
  const verified = await ripenJson<VerificationWire>(['events', 'verify'], { home });
  assert.deepEqual([verified.ok, verified.faults], [true, []], `seed ${seed}`);
  let next = 1;
  for (;;) {
    const { items } = await server.client.get<{ items: EventWire[] }>('/api/v1/events', { after: next - 1, limit: 500 });
    if (items.length === 0) break;
    for (const { number } of items) assert.equal(number, next++, `seed ${seed}`);
  }
  assert.ok(next > verified.size, `${next - 1} events were read, ${verified.size} were verified`);
  const doctor = await ripen(['doctor'], { home });
  assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr);
});

test('the last stop leaves no process behind', async () => {
  assert.equal((await server.stop()).code, 0);
  assert.deepEqual(instanceProcesses(home), []);
});
