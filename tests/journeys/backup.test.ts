import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { VerificationWire } from '../../src/governance/index.ts';
import { startFakeS3 } from '../../src/kernel/objects/testing/fake-s3.ts';
import type { RunWire } from '../../src/tracking/index.ts';
import { eventually } from '../testing/eventually.ts';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { launch, type Ripen, ripen, ripenJson } from '../testing/launch.ts';
import { withoutPostgres, withPostgresSchema } from '../testing/postgres-schema.ts';
import { createShop, deployment, gateway, predict, releaseFirst, shop, writeSmallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// A home with a model in production moves: into a backup and out of it, from SQLite to PostgreSQL, and onto S3.

const home = temporaryFolder();
const project = join(temporaryFolder(), 'shop');
const backup = join(temporaryFolder(), 'backup');
let original: unknown;
let root = '';

before(
  async () => {
    await writeSmallProject(project);
    const server = await launch({ home });
    await fill(server);
    original = await contents(server);
    const beside = await ripen(['backup', backup], { home });
    assert.equal(beside.code, 0, beside.stderr + beside.stdout);
    root = /root ([0-9a-f]{64})/.exec(beside.stdout)?.[1] ?? '';
    await server.stop();
  },
  { timeout: 400_000 },
);

async function fill(server: Ripen): Promise<void> {
  const { client } = server;
  await createShop(client, project);
  const url = await releaseFirst(client);
  for (let row = 0; row < 20; row++) assert.ok((await predict(url, 0, `row-${row}`)) === 0.5);
  const { id } = await client.post<RunWire>(`${shop}/runs`, { experiment: 'größe 🍐' });
  const metrics = Array.from({ length: 500 }, (_, step) => ({ name: 'loss', step, value: step === 7 ? 'NaN' : 1 / (step + 1) }));
  await client.post(`${shop}/runs/${id}/log`, { metrics, parameters: { epochs: 4, text: 'ä\u2028"' }, tags: { a: 'b' } });
  await client.raw('PUT', `${shop}/runs/${id}/artifacts/notes%2Fa.txt`, { body: 'kept' });
  await client.post(`${shop}/runs/${id}/finish`, { outcome: 'finished' });
  await eventually('the predictions have come', async () => {
    const { items } = await client.get<{ items: { id: string }[] }>(`${shop}/deployments/${deployment}/predictions`, {
      ids: 'row-0,row-19',
    });
    return items.length === 2 || undefined;
  });
}

/** What a person sees, as far as a move must not change it. */
async function contents({ client }: Ripen): Promise<unknown> {
  const all = ['/pipelines', '/pipeline-runs', '/datasets', '/datasets/orders/snapshots', '/runs', '/models/delay/versions', '/releases'];
  const seen = await Promise.all(all.map(async (path) => [path, (await client.get<{ items: unknown[] }>(shop + path)).items] as const));
  const run = (await client.get<{ items: RunWire[] }>(`${shop}/runs`)).items.find(({ experiment }) => experiment === 'größe 🍐');
  const artifact = await (await client.raw('GET', `${shop}/runs/${run?.id}/artifacts/notes%2Fa.txt`)).text();
  const rows = await client.get(`${shop}/datasets/orders/snapshots/latest/rows`);
  const predictions = await client.get(`${shop}/deployments/${deployment}/predictions`, { ids: 'row-0,row-19' });
  return { ...Object.fromEntries(seen), artifact, rows, predictions };
}

async function isTheSame(server: Ripen): Promise<void> {
  assert.deepEqual(await contents(server), original);
  assert.equal(await predict(await gateway(server.client), 0), 0.5, 'the model serves again');
  const verified = await ripenJson<VerificationWire>(['events', 'verify'], { home: server.home });
  assert.deepEqual([verified.ok, verified.faults], [true, []]);
}

test('a backup made beside a running server restores into a new home that is the same', async () => {
  const restored = join(temporaryFolder(), 'restored');
  const answer = await ripen(['restore', backup], { home: restored });
  assert.equal(answer.code, 0, answer.stderr + answer.stdout);
  assert.ok(root !== '' && answer.stdout.includes(root), 'the root of the event log is that of the backup');
  const server = await launch({ home: restored });
  await isTheSame(server);
  await server.stop();
  const doctor = await ripen(['doctor'], { home: restored });
  assert.equal(doctor.code, 0, doctor.stdout);
});

test('a restore into a home that has something in it is refused, and so is one of a folder that is no backup', async () => {
  const inUse = await ripen(['restore', backup], { home });
  assert.notEqual(inUse.code, 0);
  const nothing = join(temporaryFolder(), 'new');
  const noBackup = await ripen(['restore', project], { home: nothing });
  assert.notEqual(noBackup.code, 0);
  assert.doesNotMatch(noBackup.stderr + inUse.stderr, /kernel\.internal/);
  assert.equal(existsSync(join(nothing, 'ripen.db')), false);
});

test('a backup of SQLite restores into PostgreSQL', { skip: withoutPostgres }, () =>
  withPostgresSchema(async (url) => {
    const restored = join(temporaryFolder(), 'restored');
    const environment = { RIPEN_DATABASE_URL: url };
    const answer = await ripen(['restore', backup], { home: restored, environment });
    assert.equal(answer.code, 0, answer.stderr + answer.stdout);
    assert.equal(existsSync(join(restored, 'ripen.db')), false);
    const server = await launch({ home: restored, environment });
    await isTheSame(server);
    await server.stop();
    assert.deepEqual(instanceProcesses(restored), []);
  }),
);

test('everything works on PostgreSQL and S3, also after a kill', { skip: withoutPostgres }, async (t) => {
  const s3 = await startFakeS3();
  t.after(() => s3.close());
  await withPostgresSchema(async (url) => {
    const onServers = temporaryFolder();
    const { accessKeyId, secretAccessKey } = s3.credentials;
    const environment = {
      RIPEN_DATABASE_URL: url,
      RIPEN_OBJECTS_URL: s3.url('ripen'),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    let server = await launch({ home: onServers, environment });
    await fill(server);
    const seen = await contents(server);
    assert.ok(s3.objects.size > 5, `${s3.objects.size} blobs are in the bucket`);
    assert.equal(existsSync(join(onServers, 'objects')), false, 'and none in the home');
    await server.kill();
    server = await launch({ home: onServers, environment });
    assert.deepEqual(await contents(server), seen);
    assert.equal(await predict(await gateway(server.client), 0), 0.5);
    assert.equal((await ripenJson<VerificationWire>(['events', 'verify'], { home: onServers, environment })).ok, true);
    assert.equal((await server.stop()).code, 0);
    assert.deepEqual(instanceProcesses(onServers), []);
  });
});

after(() => assert.deepEqual(instanceProcesses(home), []));
