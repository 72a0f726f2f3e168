import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { connect, type ConnectOptions, type Ripen as Client, RipenRequestError } from '#client/index.ts';
import { file, save, saveModel } from '#client/node.ts';
import { clientOperations, type OpenApi } from '#dev/client-operations.ts';
import { launch, type Ripen, repository, ripenJson } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { type Fate, unreliableProxy } from '../testing/unreliable-proxy.ts';

// The client against a real server: over a network that loses answers, a server that is killed and comes back, and many at once.

const home = temporaryFolder();
let server: Ripen;
let ripen: Client;

const clientOf = (options: ConnectOptions = {}) => connect({ url: server.address, project: 'shop', ...options });

before(async () => {
  server = await launch({ home, environment: { RIPEN_PORT: String(await freePort()) } });
  ripen = clientOf();
  await ripen.call('identity.create-project', { body: { name: 'shop', title: 'Shop' } });
});

after(() => server.stop());

/** A server that is killed comes back where it was, so its port is chosen here. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function stepsOf(client: Client, run: string, metric: string): Promise<number[]> {
  return (await client.runs.open(run).history(metric).toArray()).map(({ step }) => step);
}

const counted = (length: number) => Array.from({ length }, (_, index) => index);

test('what the client knows of the API is that of the server', async () => {
  const document = (await (await fetch(new URL('/api/v1/openapi.json', server.address))).json()) as OpenApi;
  const { operations, routes } = clientOperations(document);
  const written = (name: string) => readFileSync(join(repository, 'src/client', name), 'utf8');
  assert.equal(written('operations.ts'), operations, 'run: node bin/ripen.mjs dev client');
  assert.equal(written('routes.ts'), routes, 'run: node bin/ripen.mjs dev client');
});

test('a run is started, logged to, and ended; not numbers come back as they were', async () => {
  const run = await ripen.runs.start({
    experiment: 'größe 🍐',
    name: 'first',
    parameters: { rate: 0.1, shuffle: true },
    tags: { team: 'a' },
  });
  for (const step of counted(2500)) await run.log({ loss: 1 / (step + 1), 'weird/ü': step === 3 ? NaN : -Infinity }, { step });
  await run.setTags({ team: null, note: '\u2028"' });
  await run.addInputs([{ dataset: 'sales', digest: 'abc', context: 'training' }]);
  const ended = await run.finish();
  assert.equal(ended.state, 'finished');
  const read = await run.read();
  assert.deepEqual(read.parameters, { rate: '0.1', shuffle: 'true' });
  assert.deepEqual(read.tags, { note: '\u2028"' });
  assert.deepEqual(await stepsOf(ripen, run.id, 'loss'), counted(2500));
  assert.equal((await run.history('weird/ü', { fromStep: 3, toStep: 3 }).first())?.value, NaN);
  assert.equal(read.metrics['weird/ü'], -Infinity);
  assert.equal(read.inputs[0]?.dataset, 'sales');
});

test('track ends the run as finished or failed, `await using` as finished', async () => {
  let id = '';
  const answer = await ripen.runs.track({ experiment: 'tracked' }, async (run) => {
    id = run.id;
    await run.log({ a: 1 });
    return 42;
  });
  assert.equal(answer, 42);
  assert.equal((await ripen.runs.get(id)).state, 'finished');
  const broken = ripen.runs.track({ experiment: 'tracked' }, (run) => {
    id = run.id;
    throw new Error('diverged');
  });
  await assert.rejects(broken, /diverged/);
  assert.equal((await ripen.runs.get(id)).state, 'failed');
  {
    await using run = await ripen.runs.start({ experiment: 'tracked' });
    id = run.id;
    void run.log({ a: 2 });
  }
  assert.equal((await ripen.runs.get(id)).metrics['a'], 2);
  assert.equal((await ripen.runs.get(id)).state, 'finished');
});

const refusedIn = ({ details = {} }: RipenRequestError) => details['refused'] as readonly { readonly code: string }[];

test('a parameter that changed is refused, and everything around it is logged', async () => {
  const run = await ripen.runs.start({ experiment: 'refused', parameters: { depth: 3 } });
  for (const step of counted(50)) void run.log({ loss: step }, { step });
  void run.setParameters({ depth: 4, width: 8 });
  void run.log({ loss: 50, ['x'.repeat(300)]: 1 }, { step: 50 });
  await assert.rejects(run.flush(), (error: unknown) => {
    assert.ok(error instanceof RipenRequestError);
    assert.equal(error.code, 'client.not-logged');
    assert.deepEqual(
      refusedIn(error)
        .map(({ code }) => code)
        .toSorted(),
      ['tracking.name-invalid', 'tracking.parameter-changed'],
    );
    return true;
  });
  await run.finish();
  assert.deepEqual((await run.read()).parameters, { depth: '3', width: '8' });
  assert.deepEqual(await stepsOf(ripen, run.id, 'loss'), counted(51));
});

test('a run that was refused something still ends, and finish says what was refused', async () => {
  const run = await ripen.runs.start({ experiment: 'refused', parameters: { depth: 3 } });
  void run.setParameters({ depth: 4 });
  await assert.rejects(run.finish(), { code: 'client.not-logged', status: 409 });
  assert.equal((await run.read()).state, 'finished');
});

test('errors have the code, hint, and status of the server; mistakes of the caller are told at once', async () => {
  await assert.rejects(ripen.runs.get('no-such-run'), (error: unknown) => {
    assert.ok(error instanceof RipenRequestError);
    assert.equal(error.code, 'tracking.run-not-found');
    assert.equal(error.status, 404);
    assert.ok(error.requestId);
    return true;
  });
  const nobody = connect({ url: 'http://127.0.0.1:9', retryForMs: 0 });
  await assert.rejects(nobody.runs.start({ experiment: 'a' }), { code: 'client.unreachable', status: 0 });
  const run = await ripen.runs.start({ experiment: 'errors' });
  assert.throws(() => void run.log({ loss: 1 }, { step: 0.5 }), /whole number/);
  // As a program without types would.
  assert.throws(() => void run.log({ loss: '1' } as unknown as Record<string, number>), TypeError);
  await assert.rejects(async () => ripen.runs.get('..'), TypeError);
  await run.finish();
});

/** Every request meets the next fate, again and again. */
function inTurn(fates: readonly Fate[]): (request: IncomingMessage) => Fate {
  let next = 0;
  return () => fates[next++ % fates.length] ?? 'pass';
}

test('over a network that loses requests and answers, nothing is lost and nothing is counted twice', async () => {
  const proxy = await unreliableProxy(
    server.address,
    inTurn(['lose-answer', 'busy', 'pass', 'cut-answer', 'lose-request', 'pass', 'busy']),
  );
  try {
    const client = clientOf({ url: proxy.address, logging: { waitMs: 1 } });
    const run = await client.runs.start({ experiment: 'lossy', parameters: { a: 1 } });
    for (const step of counted(6000)) {
      await run.log({ loss: step }, { step });
      if (step % 500 === 0) await pause(2);
    }
    await run.putArtifact('plots/a.txt', () => new Blob(['whole']).stream());
    await run.finish();
    assert.deepEqual(await stepsOf(ripen, run.id, 'loss'), counted(6000));
    assert.equal((await ripen.runs.search({ experiment: 'lossy' }).toArray()).length, 1);
    assert.equal(await (await ripen.runs.open(run.id).artifacts.get('plots/a.txt')).text(), 'whole');
  } finally {
    await proxy.close();
  }
});

test('a server that is killed while runs log loses nothing that finish acknowledged', { timeout: 120_000 }, async () => {
  const runs = await Promise.all(counted(3).map((index) => ripen.runs.start({ experiment: 'killed', name: `run ${index}` })));
  const work = runs.map(async (run) => {
    for (const step of counted(3000)) {
      await run.log({ loss: step }, { step });
      if (step % 20 === 0) await pause(10);
    }
    return run.finish();
  });
  await pause(500);
  const port = new URL(server.address).port;
  await server.kill();
  await pause(300);
  server = await launch({ home, environment: { RIPEN_PORT: port } });
  const ended = await Promise.all(work);
  assert.deepEqual(
    ended.map(({ state }) => state),
    ['finished', 'finished', 'finished'],
  );
  await server.kill();
  server = await launch({ home, environment: { RIPEN_PORT: port } });
  for (const run of runs) assert.deepEqual(await stepsOf(ripen, run.id, 'loss'), counted(3000));
  assert.equal(await ripen.runs.count({ experiment: 'killed', state: 'finished' }), 3);
});

test('a server that does not answer fails flush in time, and the next flush sends what waited', async () => {
  let fate: Fate = 'pass';
  const proxy = await unreliableProxy(server.address, () => fate);
  try {
    const client = clientOf({ url: proxy.address, timeoutMs: 100, logging: { retryForMs: 300, waitMs: 1 } });
    const run = await client.runs.start({ experiment: 'hanging' });
    fate = 'hang';
    void run.log({ loss: 1 });
    await assert.rejects(run.finish(), { code: 'client.timeout' });
    fate = 'pass';
    assert.equal((await run.read()).state, 'running');
    await run.finish();
    assert.equal((await run.read()).metrics['loss'], 1);
  } finally {
    await proxy.close();
  }
});

test('more than may wait is held back, and refused rather than lost', async () => {
  let fate: Fate = 'pass';
  const proxy = await unreliableProxy(server.address, () => fate);
  try {
    const client = clientOf({ url: proxy.address, logging: { most: 100, waitMs: 1 } });
    const run = await client.runs.start({ experiment: 'full' });
    fate = 'busy';
    for (const step of counted(99)) await run.log({ loss: step }, { step });
    const held = run.log({ loss: 99 }, { step: 99 });
    assert.equal(await Promise.race([held.then(() => 'let in'), pause(100, 'held back')]), 'held back');
    assert.throws(
      () => {
        for (const step of counted(901)) void run.log({ loss: 100 + step }, { step: 100 + step });
      },
      { code: 'client.buffer-full' },
    );
    fate = 'pass';
    await held;
    await run.finish();
    assert.deepEqual(await stepsOf(ripen, run.id, 'loss'), counted(1000));
  } finally {
    await proxy.close();
  }
});

test('many runs and many writers of one run at once', async () => {
  const first = await ripen.runs.start({ experiment: 'crowd' });
  const writers = counted(8).map((index) => (index % 2 === 0 ? clientOf().runs.open(first.id) : first));
  await Promise.all(
    writers.map(async (writer, index) => {
      for (const step of counted(1000)) await writer.log({ [`loss/${index}`]: step }, { step });
      await writer.flush();
    }),
  );
  await first.finish();
  const { metrics } = await first.read();
  assert.equal(Object.values(metrics).filter((value) => value === 999).length, 8);
  await Promise.all(counted(40).map((index) => ripen.runs.start({ experiment: 'crowd', name: `${index}` })));
  const found = ripen.runs.search({ experiment: 'crowd', filter: "name != '7'", order: 'name asc' });
  assert.equal((await found.toArray()).length, 40);
  assert.equal((await found.toArray(3)).length, 3);
});

test('artifacts: bytes, streams, files and ranges; a folder as ZIP', async () => {
  const run = await ripen.runs.start({ experiment: 'files' });
  const folder = temporaryFolder();
  await run.putArtifact('ü/größe 100%.txt', 'häuser');
  await run.putArtifact('bytes', new Uint8Array([1, 2, 3, 4]));
  await run.putArtifact('empty', '');
  const big = (async function* () {
    for (let part = 0; part < 64; part++) yield new Uint8Array(65_536).fill(part);
  })();
  assert.equal((await run.putArtifact('big', big)).size, 64 * 65_536);
  await save(await run.artifacts.get('big'), join(folder, 'deep/big'));
  await run.putArtifact('again', file(join(folder, 'deep/big')));
  const [again, original] = await Promise.all(['again', 'big'].map(async (name) => (await run.artifacts.get(name)).bytes()));
  assert.deepEqual(again, original);
  assert.deepEqual([...(await (await run.artifacts.get('bytes', { range: { from: 1, to: 2 } })).bytes())], [2, 3]);
  assert.equal(await (await run.artifacts.get('ü/größe 100%.txt')).text(), 'häuser');
  assert.equal((await (await run.artifacts.get('empty')).bytes()).length, 0);
  assert.deepEqual((await run.artifacts.list().toArray()).map(({ name }) => name).toSorted(), ['again', 'big', 'bytes', 'empty', 'ü']);
  assert.ok((await (await run.artifacts.zip('ü')).bytes()).length > 0);
  await run.artifacts.delete('bytes');
  await assert.rejects(run.artifacts.get('bytes'), { status: 404 });
  await run.finish();
});

test('models: register from a run, versions, aliases, resolve, save, verify', async () => {
  const run = await ripen.runs.start({ experiment: 'models' });
  const mlmodel =
    'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    python_version: 3.11.0\nmodel_uuid: 0123456789abcdef0123456789abcdef\n';
  await run.putArtifact('model/MLmodel', mlmodel);
  await run.putArtifact('model/data/weights.bin', new Uint8Array(1000).fill(7));
  await run.finish();
  const registered = await ripen.models.register('delay', { source: `runs:/${run.id}/model`, description: 'first' });
  assert.equal(registered.version, 1);
  await ripen.models.register('delay', { source: 'models:/delay/1' });
  assert.deepEqual(
    (await ripen.models.versions('delay').toArray()).map(({ version }) => version),
    [2, 1],
  );
  await ripen.models.setAlias('delay', 'production', 1);
  const version = await ripen.models.resolve('models:/delay@production');
  assert.equal(version.version, 1);
  assert.equal((await ripen.models.resolve('models:/delay/latest')).version, 2);
  assert.equal(await (await ripen.models.file(version, 'MLmodel')).text(), mlmodel);
  const folder = temporaryFolder();
  await saveModel(ripen, version, folder);
  assert.deepEqual(readFileSync(join(folder, 'data/weights.bin')), Buffer.alloc(1000, 7));
  assert.equal((await ripen.models.search().toArray()).length, 1);
  assert.equal((await ripen.models.searchVersions({ filter: "name = 'delay'" }).toArray()).length, 2);
  assert.equal((await ripen.models.lineage('delay', 1)).run?.id, run.id);
  assert.ok(await ripen.models.verify('delay', 1));
  await assert.rejects(async () => ripen.models.resolve('delay'), TypeError);
});

test('datasets, traces and evaluation datasets', async () => {
  await ripen.datasets.create({ name: 'sales' });
  const load = () => ripen.datasets.load('sales', 'day,sold\n1,2\n2,3\n', { format: 'csv', key: 'monday', contract: 'none' });
  const { snapshot } = await load();
  assert.equal((await load()).created, false);
  assert.equal(snapshot.rows, 2);
  assert.equal((await ripen.datasets.snapshots('sales')).length, 1);
  assert.equal((await ripen.datasets.rows('sales', 'latest')).rows.length, 2);
  assert.equal(new TextDecoder().decode((await (await ripen.datasets.file('sales', 1, 1)).bytes()).slice(0, 4)), 'PAR1');
  assert.deepEqual(await ripen.traces.search().toArray(), []);
  assert.equal(await ripen.traces.count(), 0);
  const questions = await ripen.evaluationDatasets.create({ name: 'questions' });
  const records = [{ inputs: { question: 'why?' }, expectations: { answer: 'because' } }];
  assert.deepEqual(await ripen.evaluationDatasets.merge(questions.id, records), { inserted: 1, updated: 0 });
  assert.equal((await ripen.evaluationDatasets.records(questions.id).first())?.inputs['question'], 'why?');
});

test('a dataset whose load was answered into the void is loaded once', async () => {
  const proxy = await unreliableProxy(server.address, inTurn(['lose-answer', 'lose-request', 'pass']));
  try {
    const client = clientOf({ url: proxy.address });
    const name = 'refunds';
    await ripen.datasets.create({ name });
    const { snapshot } = await client.datasets.load(name, 'day,sum\n1,2\n', { format: 'csv', key: 'monday', contract: 'none' });
    assert.equal(snapshot.number, 1);
    assert.equal((await ripen.datasets.snapshots(name)).length, 1);
    // Without a key it would be loaded twice, so it is told.
    await assert.rejects(client.datasets.load(name, 'day,sum\n2,3\n', { format: 'csv', contract: 'none' }), { code: 'client.unreachable' });
  } finally {
    await proxy.close();
  }
});

test('a token opens its project, and no other one', { timeout: 60_000 }, async () => {
  const place = { home: temporaryFolder(), environment: { RIPEN_AUTH: 'tokens' } };
  const { secret } = await ripenJson<{ secret: string }>(['token', 'create', 'root'], place);
  const guarded = await launch(place);
  try {
    const all = connect({ url: guarded.address, token: secret, project: 'shop' });
    for (const name of ['shop', 'bank']) await all.call('identity.create-project', { body: { name, title: name } });
    const { secret: narrow } = await ripenJson<{ secret: string }>(['token', 'create', 'narrow', '--project', 'shop'], place);
    const shop = connect({ url: guarded.address, token: narrow, project: 'shop' });
    const run = await shop.runs.start({ experiment: 'guarded' });
    assert.equal((await run.finish()).state, 'finished');
    await assert.rejects(connect({ url: guarded.address, token: narrow, project: 'bank' }).runs.start(), { status: 403 });
    await assert.rejects(connect({ url: guarded.address, project: 'shop' }).runs.get(run.id), { status: 401 });
    await assert.rejects(connect({ url: guarded.address, token: 'ripen_wrong' }).runs.search().first(), { status: 401 });
  } finally {
    await guarded.stop();
  }
});
