import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** Serves the protocol over a socket; says its port, then for each line that comes its greatest memory (KB) and its open files. */
const server = `
  import { readdirSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  import { Hono } from 'hono';
  import { openDatabase } from '#kernel/database/index.ts';
  import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
  import { systemClock } from '#kernel/clock.ts';
  import { createDirectHandler, listen } from '#kernel/http/index.ts';
  import { randomIds } from '#kernel/ids.ts';
  import { openObjectStore } from '#kernel/objects/index.ts';
  import { createTracking, mlflowDirectRoutes, trackingMigrations } from '#tracking/index.ts';
  const folder = process.env.FOLDER;
  const database = await openDatabase('sqlite:' + folder + '/ripen.db');
  await database.migrate([eventMigrations, trackingMigrations]);
  const ids = randomIds();
  const nextRequestId = () => ids.next();
  const events = createEventLog({ database, clock: systemClock, ids });
  const objects = await openObjectStore('file:' + folder + '/objects', { cacheDirectory: folder + '/cache' });
  const tracking = createTracking({ kernel: { clock: systemClock, ids, events, objects }, identity: { project: async (name) => ({ name }) } });
  const run = await tracking.startRun({ actor: systemActor }, { project: 'flights', experiment: 'large' });
  const access = () => ({ actor: systemActor, project: 'flights' });
  const direct = createDirectHandler({ routes: mlflowDirectRoutes(tracking.mlflow, { access, nextRequestId }), nextRequestId });
  const http = await listen(new Hono(), { host: '127.0.0.1', port: 0, direct, nextRequestId });
  console.log(JSON.stringify({ port: http.port, root: run.experimentSequence + '/' + run.id + '/artifacts' }));
  for await (const line of createInterface({ input: process.stdin }))
    console.log(JSON.stringify({ memory: process.resourceUsage().maxRSS, files: readdirSync('/proc/self/fd').length }));
`;

interface Served {
  readonly port: number;
  readonly root: string;
  readonly spool: string;
  state(): Promise<{ memory: number; files: number }>;
}

async function withServer(body: (served: Served) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-large-'));
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', server], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, FOLDER: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    assert.ok(child.stdout !== null && child.stdin !== null);
    const { stdin } = child;
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const { port, root } = (await next()) as { port: number; root: string };
    await body({
      port,
      root,
      spool: join(folder, 'objects', 'objects', 'tmp'),
      async state() {
        stdin.write('\n');
        return (await next()) as { memory: number; files: number };
      },
    });
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

const megabyte = Buffer.alloc(1024 * 1024, 'weights');

async function* megabytes(count: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index++) yield megabyte;
}

const open = ({ port, root }: Served, name: string, options: RequestOptions) =>
  request({ host: '127.0.0.1', port, path: `/api/2.0/mlflow-artifacts/artifacts/${root}/${name}`, agent: false, ...options });

async function upload(served: Served, name: string, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<number | undefined> {
  const sent = open(served, name, { method: 'PUT' });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    sent.once('response', (response) => resolve(response.resume().statusCode));
    sent.once('error', reject);
  });
  await Promise.all([pipeline(Readable.from(content), sent), answered]);
  return answered;
}

async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  assert.fail(what);
}

async function digestOf(served: Served, name: string): Promise<string> {
  const hash = createHash('sha256');
  const got = open(served, name, {});
  const answered = new Promise<Readable>((resolve, reject) => got.once('response', resolve).once('error', reject).end());
  for await (const chunk of (await answered) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

async function etagOf(served: Served, name: string): Promise<string | undefined> {
  const head = open(served, name, { method: 'HEAD' });
  const answered = new Promise<string | undefined>((resolve, reject) => {
    head.once('response', (response) => resolve(response.resume().headers.etag));
    head.once('error', reject).end();
  });
  return answered;
}

test('a large file goes up and down in constant memory; who hangs up leaves nothing', async (t) => {
  if (process.platform !== 'linux') return t.skip('open files are counted in /proc');
  await withServer(async (served) => {
    await upload(served, 'small', [megabyte]);
    await digestOf(served, 'small');
    const before = await served.state();
    const size = 200;
    assert.equal(await upload(served, 'large.bin', megabytes(size)), 200);
    const expected = createHash('sha256');
    for (let index = 0; index < size; index++) expected.update(megabyte);
    const digest = expected.digest('hex');
    assert.equal(await digestOf(served, 'large.bin'), digest);
    const after = await served.state();
    assert.ok(after.memory - before.memory < 150 * 1024, `memory grew by ${(after.memory - before.memory) / 1024} MiB`);

    const cut = open(served, 'large.bin', { method: 'PUT', headers: { 'content-length': 50 * megabyte.length } });
    cut.on('error', () => {});
    for await (const chunk of megabytes(10)) await new Promise((resolve) => cut.write(chunk, resolve));
    assert.equal(readdirSync(served.spool).length, 1);
    cut.destroy();
    await eventually('the half of a file is still there', () => readdirSync(served.spool).length === 0);
    assert.equal(await etagOf(served, 'large.bin'), `"sha256:${digest}"`);

    const left = open(served, 'large.bin', {});
    await new Promise((resolve, reject) => left.once('response', resolve).once('error', reject).end());
    left.on('error', () => {});
    left.destroy();
    await eventually('a file is still open', async () => (await served.state()).files <= after.files);
  });
});
