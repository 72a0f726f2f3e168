import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { testOnEachServer, testOnServer } from '../testing/mlflow-server.ts';
import type { Wire } from '../testing/mlflow-wire.ts';

// Files of MLflow's artifact proxy: a gigabyte, pieces of it, uploads that end early, and many of one name. RIPEN_TEST_FILE_GB makes it more.

const size = Number(process.env['RIPEN_TEST_FILE_GB'] ?? 1) * 1024 ** 3;
const chunk = Buffer.alloc(1024 * 1024, 'the weights of a model ');

async function rootOf(wire: Wire): Promise<string> {
  const experiment = (await wire.post('experiments/create', { name: 'files' })).body.experiment_id ?? '';
  const run = (await wire.post('runs/create', { experiment_id: experiment, start_time: 1 })).body.run?.info.run_id ?? '';
  return `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run}/artifacts`;
}

/** Memory of a process that is its own, in MB; pages of files that the kernel keeps do not count. */
const memoryOf = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function upload(address: string, path: string): Promise<string> {
  const digest = createHash('sha256');
  function* content(): Generator<Buffer> {
    for (let sent = 0; sent < size; sent += chunk.length) {
      digest.update(chunk);
      yield chunk;
    }
  }
  const sent = request(`${address}${path}`, { method: 'PUT', headers: { 'content-length': size } });
  const answered = once(sent, 'response');
  await pipeline(Readable.from(content(), { objectMode: false }), sent);
  const [answer] = (await answered) as [Readable & { statusCode: number }];
  assert.equal(answer.statusCode, 200);
  answer.resume();
  return digest.digest('hex');
}

async function download(address: string, path: string): Promise<string> {
  const [answer] = (await once(request(`${address}${path}`).end(), 'response')) as [Readable];
  const digest = createHash('sha256');
  for await (const part of answer) digest.update(part as Buffer);
  return digest.digest('hex');
}

testOnServer('a gigabyte goes up and down in constant memory, and comes by ranges', async ({ wire, server }) => {
  const root = await rootOf(wire);
  const before = memoryOf(server.pid);
  const started = performance.now();
  const digest = await upload(server.address, `${root}/model.bin`);
  const up = performance.now() - started;
  assert.equal(await download(server.address, `${root}/model.bin`), digest);
  const grown = memoryOf(server.pid) - before;
  process.stdout.write(
    `${size / 1024 ** 3} GB: up in ${Math.round(up)} ms, down in ${Math.round(performance.now() - started - up)} ms, memory grew by ${Math.round(grown)} MB\n`,
  );
  assert.ok(grown < 250, `memory grew by ${grown} MB`);
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 0],
    [`bytes=${size - 5}-`, size - 5, size - 1],
    ['bytes=-3', size - 3, size - 1],
    [`bytes=1048570-1048580`, 1_048_570, 1_048_580],
  ] as const) {
    const part = await wire.call('GET', `${root}/model.bin`, undefined, { range });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers['content-range'], `bytes ${from}-${to}/${size}`);
    const expected = Array.from({ length: to - from + 1 }, (_, index) => chunk[(from + index) % chunk.length] ?? 0);
    assert.deepEqual([...part.bytes], expected, range);
  }
  assert.equal((await wire.call('GET', `${root}/model.bin`, undefined, { range: `bytes=${size}-` })).status, 416);
  const head = await wire.call('HEAD', `${root}/model.bin`);
  assert.deepEqual([head.status, head.headers['content-length']], [200, String(size)]);
});

testOnEachServer('an upload that ends early leaves what was there, however it was announced', async ({ wire, server }) => {
  const root = await rootOf(wire);
  assert.equal((await wire.call('PUT', `${root}/kept.bin`, 'the first content')).status, 200);
  const { hostname, port } = new URL(server.address);
  const body = Buffer.alloc(3_000_000, 'x');
  for (const announced of [
    `content-length: ${body.length * 2}\r\n\r\n`,
    `transfer-encoding: chunked\r\n\r\n${(body.length * 2).toString(16)}\r\n`,
  ])
    for (const name of ['kept.bin', 'new.bin'])
      for (const end of ['destroy', 'end', 'resetAndDestroy'] as const) {
        const socket = connect(Number(port), hostname).on('error', () => {});
        await once(socket, 'connect');
        socket.resume().write(`PUT ${root}/${name} HTTP/1.1\r\nhost: localhost\r\n${announced}`);
        await new Promise((resolve) => socket.write(body, resolve));
        const closed = once(socket, 'close');
        socket[end]();
        await closed;
      }
  await pause(300);
  assert.equal((await wire.call('GET', `${root}/kept.bin`)).bytes.toString(), 'the first content');
  assert.equal((await wire.call('GET', `${root}/new.bin`)).status, 404);
});

testOnEachServer('of many uploads under one name at once one stays, whole', async ({ wire }) => {
  const root = await rootOf(wire);
  const contents = Array.from({ length: 24 }, (_, number) => Buffer.alloc(200_000 + number, `upload ${number} `));
  const replies = await Promise.all(contents.map((content) => wire.call('PUT', `${root}/model.bin`, content)));
  for (const { status, bytes } of replies) assert.equal(status, 200, bytes.toString());
  const { bytes } = await wire.call('GET', `${root}/model.bin`);
  assert.ok(contents.some((content) => content.equals(bytes)));
  const again = await wire.call('PUT', `${root}/model.bin`, contents[0]);
  assert.equal(again.status, 200);
  assert.ok((await wire.call('GET', `${root}/model.bin`)).bytes.equals(contents[0] ?? Buffer.alloc(0)));
});
