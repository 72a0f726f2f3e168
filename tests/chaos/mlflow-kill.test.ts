import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../src/kernel/statistics/index.ts';
import { launch, type Ripen } from '../testing/launch.ts';
import { type Wire, type WireReply, type WireRun, wireTo } from '../testing/mlflow-wire.ts';
import { withoutPostgres, withPostgresSchema } from '../testing/postgres-schema.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// Writers that speak MLflow's protocol and send again what got no answer, while the server is killed under them. Whatever they
// were told to be done is there once.

const rounds = 6;
const seed = Number(process.env['RIPEN_TEST_SEED'] ?? Date.now() % 1_000_000);
const proxy = '/api/2.0/mlflow-artifacts/artifacts';

interface Written {
  readonly experiment: string;
  readonly run: string;
  /** Steps by metric that were acknowledged. */
  readonly steps: Map<string, number[]>;
  readonly params: string[];
  /** The number of batches: batch n has the metric `batch` 100 times, the param `batch n` and the tag `batch`. */
  batches: number;
  tag: number;
  readonly artifacts: Map<string, string>;
  readonly finished: string[];
}

type Writer = (wire: Wire, written: Written, number: number) => Promise<void>;

async function said(asked: Promise<WireReply>): Promise<WireReply> {
  const reply = await asked;
  assert.equal(reply.status, 200, reply.bytes.toString());
  return reply;
}

const pointWriter =
  (key: string, first: number, by: number): Writer =>
  async (wire, { run, steps }, number) => {
    const step = first + by * number;
    await said(wire.persist('POST', 'runs/log-metric', { run_id: run, key, value: step / 2, timestamp: 1000 + step, step }));
    steps.get(key)?.push(step);
  };

const writers: readonly Writer[] = [
  // Two writers of one metric, one of them from the end to the beginning.
  pointWriter('shared', 0, 2),
  pointWriter('shared', 1_000_001, -2),
  pointWriter('own', 0, 1),
  async (wire, written, number) => {
    const metrics = Array.from({ length: 100 }, (_, index) => ({
      key: 'batch',
      value: number,
      timestamp: number,
      step: number * 100 + index,
    }));
    const params = [{ key: `batch ${number}`, value: String(number) }];
    const tags = [{ key: 'batch', value: String(number) }];
    await said(wire.persist('POST', 'runs/log-batch', { run_id: written.run, metrics, params, tags }));
    written.batches = number + 1;
  },
  async (wire, { run, params }, number) => {
    await said(wire.persist('POST', 'runs/log-parameter', { run_id: run, key: `p${number}`, value: `värde ${number}` }));
    params.push(`p${number}`);
  },
  async (wire, written, number) => {
    await said(wire.persist('POST', 'runs/set-tag', { run_id: written.run, key: 'count', value: String(number) }));
    written.tag = number;
  },
  async (wire, { experiment, run, artifacts }, number) => {
    const content = Buffer.alloc(1 + ((number * 7919) % 300_000), `content ${number} `);
    // Every third is sent again later with other content: the newest counts.
    const name = `files/${number - (number % 3 === 2 ? 1 : 0)}.bin`;
    await said(wire.persist('PUT', `${proxy}/${experiment}/${run}/artifacts/${name}`, content));
    artifacts.set(name, createHash('sha256').update(content).digest('hex'));
  },
  async (wire, { experiment, finished }, number) => {
    const created = await said(
      wire.persist('POST', 'runs/create', { experiment_id: experiment, start_time: number, run_name: `run ${number}` }),
    );
    const id = created.body.run?.info.run_id ?? '';
    await said(wire.persist('POST', 'runs/log-metric', { run_id: id, key: 'm', value: number, timestamp: 1, step: 0 }));
    await said(wire.persist('POST', 'runs/update', { run_id: id, status: 'FINISHED', end_time: number + 1 }));
    finished.push(id);
  },
];

async function killUnderWriters(database: string | undefined): Promise<void> {
  const home = temporaryFolder();
  const environment = database === undefined ? {} : { RIPEN_DATABASE_URL: database };
  let server: Ripen = await launch({ home, environment, node: process.execPath });
  const { address } = server;
  const again = { ...environment, RIPEN_PORT: new URL(address).port };
  const wire = wireTo(address);
  const experiment = (await said(wire.post('experiments/create', { name: 'chaos' }))).body.experiment_id ?? '';
  const run = (await said(wire.post('runs/create', { experiment_id: experiment, start_time: 1 }))).body.run?.info.run_id ?? '';
  const steps = new Map([
    ['shared', []],
    ['own', []],
  ]);
  const written: Written = { experiment, run, steps, params: [], batches: 0, tag: -1, artifacts: new Map(), finished: [] };
  const over = new AbortController();
  const writing = writers.map(async (write) => {
    for (let number = 0; !over.signal.aborted; number++) await write(wire, written, number);
  });
  const random = seededRandom(seed);
  for (let round = 0; round < rounds; round++) {
    await pause(100 + random.next() * 700);
    await server.kill();
    server = await launch({ home, environment: again, node: process.execPath });
  }
  await pause(200);
  over.abort();
  await Promise.all(writing);
  await server.kill();
  server = await launch({ home, environment: again, node: process.execPath });
  await everythingIsThere(wire, written);
  wire.close();
  await server.stop();
}

async function historyOf(wire: Wire, run: string, key: string): Promise<number[]> {
  const { body } = await said(wire.get('metrics/get-history', { run_id: run, metric_key: key }));
  return (body.metrics ?? []).map(({ step }) => step).toSorted((a, b) => a - b);
}

async function everythingIsThere(wire: Wire, written: Written): Promise<void> {
  const { run, experiment } = written;
  const what = `seed ${seed}`;
  const data: WireRun['data'] = (await said(wire.get('runs/get', { run_id: run }))).body.run?.data ?? {};
  const latest = new Map((data.metrics ?? []).map((point) => [point.key, point]));
  for (const [key, acknowledged] of written.steps) {
    const expected = acknowledged.toSorted((a, b) => a - b);
    assert.ok(expected.length > rounds, `only ${expected.length} points of ${key}, ${what}`);
    assert.deepEqual(await historyOf(wire, run, key), expected, `${key}, ${what}`);
    assert.equal(latest.get(key)?.step, expected.at(-1), what);
    assert.equal(latest.get(key)?.value, (expected.at(-1) ?? 0) / 2, what);
  }
  assert.deepEqual(
    await historyOf(wire, run, 'batch'),
    Array.from({ length: written.batches * 100 }, (_, index) => index),
    what,
  );
  const params = new Map((data.params ?? []).map(({ key, value }) => [key, value]));
  assert.deepEqual(
    [...params.keys()].toSorted(),
    [...written.params, ...Array.from({ length: written.batches }, (_, n) => `batch ${n}`)].toSorted(),
    what,
  );
  for (const key of written.params) assert.equal(params.get(key), `värde ${key.slice(1)}`, what);
  const tags = new Map((data.tags ?? []).map(({ key, value }) => [key, value]));
  assert.equal(tags.get('count'), String(written.tag), what);
  assert.equal(tags.get('batch'), String(written.batches - 1), what);

  assert.ok(written.artifacts.size > 0, what);
  for (const [name, digest] of written.artifacts) {
    const { bytes } = await said(wire.call('GET', `${proxy}/${experiment}/${run}/artifacts/${name}`));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest, `${name}, ${what}`);
  }
  const listed = await said(wire.get('artifacts/list', { run_id: run, path: 'files' }));
  assert.deepEqual((listed.body.files ?? []).map(({ path }) => path).toSorted(), [...written.artifacts.keys()].toSorted(), what);

  assert.ok(written.finished.length > 0, what);
  const found = await said(
    wire.post('runs/search', { experiment_ids: [experiment], filter: "attributes.status = 'FINISHED'", max_results: 10_000 }),
  );
  assert.deepEqual((found.body.runs ?? []).map(({ info }) => info.run_id).toSorted(), written.finished.toSorted(), what);
  for (const { data: of } of found.body.runs ?? []) assert.equal(of.metrics?.length, 1, what);
  process.stdout.write(
    `${what}: ${[...written.steps.values()].flat().length} points, ${written.batches} batches, ${written.params.length} params, ` +
      `${written.artifacts.size} files, ${written.finished.length} runs over ${rounds + 1} kills\n`,
  );
}

test('what MLflow clients were told to be kept is there once after kill -9 (SQLite)', { timeout: 300_000 }, () =>
  killUnderWriters(undefined),
);

test('what MLflow clients were told to be kept is there once after kill -9 (PostgreSQL)', { timeout: 300_000, skip: withoutPostgres }, () =>
  withPostgresSchema(killUnderWriters),
);
