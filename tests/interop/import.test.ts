import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../testing/eventually.ts';
import { cleanEnvironment, launch, repository, type Ripen, ripen as runRipen } from '../testing/launch.ts';
import { withoutPostgres, withPostgresSchema } from '../testing/postgres-schema.ts';
import { installedNode } from '../testing/nodes.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow2, mlflow3, type PythonClient } from './clients.ts';

const script = join(import.meta.dirname, 'python/import_store.py');

interface Report {
  readonly complete: boolean;
  readonly counts: Readonly<Record<string, { source: number; here: number; brought: number }>>;
  readonly missing: readonly object[];
}

interface Place {
  readonly folder: string;
  readonly address: string;
}

function environmentOf({ folder, address }: Place, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return cleanEnvironment({
    HOME: folder,
    MLFLOW_TRACKING_URI: address,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    ...more,
  });
}

async function python(
  client: PythonClient,
  verb: 'fill' | 'dump',
  place: Place,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const child = spawn(client.python ?? '', [script, verb], { cwd: place.folder, env: environmentOf(place, more), timeout: 240_000 });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, err);
  const line = out.split('\n').find((text) => text.startsWith('@@'));
  return line === undefined ? undefined : JSON.parse(line.slice(2));
}

async function importInto(ripen: Ripen, source: string): Promise<Report> {
  const answer = await runRipen(['import', 'mlflow', source, '--project', 'default', '--json'], {
    home: temporaryFolder(),
    environment: { RIPEN_URL: ripen.address },
  });
  assert.equal(answer.code, 0, answer.stdout + answer.stderr);
  return JSON.parse(answer.stdout) as Report;
}

/** Everything but new things: an import that comes again finds nothing to do. */
function assertNothingNew({ counts }: Report): void {
  for (const [kind, { source, here, brought }] of Object.entries(counts)) assert.deepEqual([kind, here, brought], [kind, source, 0]);
}

async function roundTrip(client: PythonClient, place: Place, { source, ripen }: { source: string; ripen: Ripen }): Promise<void> {
  const report = await importInto(ripen, source);
  assert.deepEqual(report.missing, []);
  assert.ok((report.counts['runs']?.brought ?? 0) >= 4);
  // Before anything is read by a client: loading a model writes beside it.
  assertNothingNew(await importInto(ripen, source));
  const before = await python(client, 'dump', place);
  assert.deepEqual(await python(client, 'dump', { folder: temporaryFolder(), address: ripen.address }), before);
}

const databases = [
  { name: 'SQLite', skip: false as string | false, withUrl: (body: (url?: string) => Promise<void>) => body() },
  { name: 'PostgreSQL', skip: withoutPostgres, withUrl: (body: (url?: string) => Promise<void>) => withPostgresSchema(body) },
];

const onServer = (database: (typeof databases)[number], body: (ripen: Ripen) => Promise<void>) =>
  database.withUrl(async (url) => {
    const ripen = await launch({ home: temporaryFolder(), environment: url === undefined ? {} : { RIPEN_DATABASE_URL: url } });
    try {
      await body(ripen);
    } finally {
      await ripen.stop();
    }
  });

for (const database of databases) {
  test(`a SQLite database of mlflow 3 is the same in Ripen on ${database.name}`, { skip: mlflow3.skip || database.skip }, async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'mlflow.db');
    const place = { folder, address: `sqlite:///${file}` };
    await python(mlflow3, 'fill', place);
    await onServer(database, (ripen) => roundTrip(mlflow3, place, { source: file, ripen }));
  });
}

test('a file store of mlflow 2 is the same in Ripen', { skip: mlflow2.skip }, async () => {
  const folder = temporaryFolder();
  const store = join(folder, 'mlruns');
  const place = { folder, address: `file://${store}` };
  await python(mlflow2, 'fill', place);
  await onServer(databases[0] ?? assert.fail(), (ripen) => roundTrip(mlflow2, place, { source: store, ripen }));
});

test('a running server of mlflow 3 is the same in Ripen', { skip: mlflow3.skip, timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  const store = join(folder, 'mlflow.db');
  await python(mlflow3, 'fill', { folder, address: `sqlite:///${store}` });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = ['-m', 'mlflow', 'server', '--backend-store-uri', `sqlite:///${store}`, '--host', '127.0.0.1', '--port', String(port)];
  const artifacts = ['--artifacts-destination', join(folder, 'mlruns'), '--workers', '1'];
  const child = spawn(mlflow3.python ?? '', [...server, ...artifacts], {
    cwd: folder,
    env: environmentOf({ folder, address }),
    stdio: 'ignore',
    detached: true,
  });
  try {
    await eventually('the MLflow server answers', async () => (await fetch(`${address}/version`)).ok);
    await onServer(databases[0] ?? assert.fail(), (ripen) => roundTrip(mlflow3, { folder, address }, { source: address, ripen }));
  } finally {
    // Its workers are in a group of their own.
    process.kill(-(child.pid ?? assert.fail()), 'SIGKILL');
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : assert.fail();
}

test('an import that is killed, and one whose server is killed, go on where they stopped', { skip: mlflow3.skip }, async () => {
  const folder = temporaryFolder();
  const store = join(folder, 'mlflow.db');
  const place = { folder, address: `sqlite:///${store}` };
  await python(mlflow3, 'fill', place, { MORE_RUNS: '250' });
  const home = temporaryFolder();
  let ripen = await launch({ home });
  const count = async () => {
    const { items } = await ripen.client
      .get<{ items: unknown[] }>('/api/v1/projects/default/runs', { limit: 1000 })
      .catch(() => ({ items: [] }));
    return items.length;
  };
  const start = () =>
    spawn(installedNode, [join(repository, 'bin/ripen.mjs'), 'import', 'mlflow', store, '--project', 'default'], {
      env: cleanEnvironment({ RIPEN_URL: ripen.address }),
      stdio: 'ignore',
      detached: true,
    });
  const first = start();
  await eventually('the first runs are there', async () => (await count()) > 0);
  process.kill(-(first.pid ?? assert.fail()), 'SIGKILL');
  const second = start();
  await eventually('more runs are there', async () => (await count()) > 150);
  const port = new URL(ripen.address).port;
  await ripen.kill();
  ripen = await launch({ home, environment: { RIPEN_PORT: port } });
  const [code] = (await once(second, 'close')) as [number];
  assert.equal(code, 0, 'the import waits for its server');
  const report = await importInto(ripen, store);
  assert.deepEqual(report.missing, []);
  assert.deepEqual(
    await python(mlflow3, 'dump', { folder: temporaryFolder(), address: ripen.address }),
    await python(mlflow3, 'dump', place),
  );
  await ripen.stop();
});
