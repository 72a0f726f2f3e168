import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../src/kernel/statistics/index.ts';
import { eventually } from '../testing/eventually.ts';
import { testOnEachServer, testOnServer } from '../testing/mlflow-server.ts';
import type { Wire } from '../testing/mlflow-wire.ts';

// Callers that are faster than the database, that hang, and that go away.

async function startRun(wire: Wire, name: string): Promise<{ experiment: string; run: string }> {
  const experiment = (await wire.post('experiments/create', { name })).body.experiment_id ?? '';
  const created = await wire.post('runs/create', { experiment_id: experiment, start_time: 1 });
  assert.equal(created.status, 200, created.bytes.toString());
  return { experiment, run: created.body.run?.info.run_id ?? '' };
}

/** The most memory that a process ever had, in MB. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const filesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

testOnEachServer(
  'writers that are faster than the database are told to wait, and nothing that was taken is lost',
  async ({ wire, server }) => {
    const { run } = await startRun(wire, 'load');
    const writers = 64;
    const each = 2;
    const text = 'x'.repeat(100_000);
    let waits = 0;
    const before = peakOf(server.pid);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let number = 0; number < each; number++) {
          const metrics = Array.from({ length: 988 }, (_each, step) => ({
            key: `w${writer}`,
            value: step,
            timestamp: number,
            step: number * 988 + step,
          }));
          const tags = Array.from({ length: 12 }, (_each, index) => ({ key: `t${index}`, value: text }));
          for (;;) {
            const reply = await wire.post('runs/log-batch', { run_id: run, metrics, tags });
            if (reply.status === 200) break;
            assert.equal(reply.status, 429, reply.bytes.toString().slice(0, 300));
            assert.equal(reply.body.error_code, 'REQUEST_LIMIT_EXCEEDED');
            assert.equal(reply.headers['retry-after'], '1');
            waits++;
            await pause(1000);
          }
        }
      }),
    );
    for (let writer = 0; writer < writers; writer += 9) {
      const { body } = await wire.get('metrics/get-history', { run_id: run, metric_key: `w${writer}` });
      assert.equal(body.metrics?.length, each * 988);
    }
    const grown = peakOf(server.pid) - before;
    process.stdout.write(`told to wait ${waits} times; memory grew by ${Math.round(grown)} MB\n`);
    assert.ok(grown < 1500, `memory grew by ${grown} MB`);
  },
);

testOnServer('large bodies at once are refused rather than kept in memory', async ({ wire, server }) => {
  const body = Buffer.alloc(40 * 1024 * 1024, 0x20);
  const before = peakOf(server.pid);
  const half = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const socket = await open(server.address);
      socket.write(
        `POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 1}\r\n\r\n`,
      );
      socket.write(body);
      return socket;
    }),
  );
  const answers = half.map((socket) => once(socket.setEncoding('latin1'), 'data').then(([data]) => String(data)));
  const refused = await Promise.any(answers);
  assert.match(refused, /^HTTP\/1\.1 429 .*retry-after: 1/is);
  assert.equal((await wire.post('experiments/search', { max_results: 1 })).status, 200, 'small requests go on');
  for (const socket of half) socket.destroy();
  await eventually('there is room again', async () => (await wire.call('POST', 'runs/log-batch', body)).status === 400);
  const grown = peakOf(server.pid) - before;
  process.stdout.write(`memory grew by ${Math.round(grown)} MB\n`);
  assert.ok(grown < 900, `memory grew by ${grown} MB`);
});

async function open(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

testOnEachServer('callers that hang, never read or are cut off stop nobody and leave nothing half', async ({ wire, server }) => {
  const { experiment, run } = await startRun(wire, 'cut');
  const before = filesOf(server.pid);
  const metrics = Array.from({ length: 1000 }, (_, step) => ({ key: 'long', value: step, timestamp: 1, step }));
  await wire.post('runs/log-batch', { run_id: run, metrics });
  const root = `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run}/artifacts`;
  await wire.call('PUT', `${root}/large.bin`, Buffer.alloc(16 * 1024 * 1024, 'large'));

  const random = seededRandom(7);
  const sockets: Socket[] = [];
  const attempts: string[] = [];
  for (let number = 0; number < 120; number++) {
    const socket = await open(server.address);
    sockets.push(socket);
    if (number % 4 === 0) {
      socket.pause();
      socket.write(`GET ${root}/large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      continue;
    }
    const batch = JSON.stringify({
      run_id: run,
      params: Array.from({ length: 50 }, (_, index) => ({ key: `cut ${number} ${index}`, value: 'v' })),
      tags: [{ key: `cut ${number}`, value: 'x'.repeat(200_000) }],
    });
    attempts.push(`cut ${number}`);
    const [method, path, body] =
      number % 4 === 1 ? ['PUT', `${root}/cut/${number}`, 'x'.repeat(300_000)] : ['POST', '/api/2.0/mlflow/runs/log-batch', batch];
    const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
    const end = Math.floor(random.next() * body.length);
    if (number % 8 < 4) socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, end)}`);
    else socket.write(`${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body.slice(0, end)}`);
  }
  const started = performance.now();
  for (let step = 0; step < 20; step++)
    assert.equal((await wire.post('runs/log-metric', { run_id: run, key: 'm', value: step, timestamp: 1, step })).status, 200);
  assert.ok(performance.now() - started < 5000, 'others are served meanwhile');
  for (const socket of sockets) {
    if (random.next() < 0.5) socket.resetAndDestroy();
    else socket.destroy();
  }

  await eventually('every file and connection is closed', () => filesOf(server.pid) <= before + 12);
  const { body } = await wire.get('runs/get', { run_id: run });
  const kept = [...(body.run?.data.params ?? []), ...(body.run?.data.tags ?? [])].filter(({ key }) =>
    attempts.some((each) => key.startsWith(each)),
  );
  assert.deepEqual(kept, []);
  const { body: listed } = await wire.get('artifacts/list', { run_id: run, path: 'cut' });
  assert.deepEqual(listed.files ?? [], []);
});
