import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { project, startServing } from '../tests/journeys/serving-server.ts';
import { smallModel } from '../tests/journeys/small-models.ts';

// Predictions over the gateway, logging included, beside the bare ONNX Runtime in this process: `node bench/serving.ts`.

const cases = [
  { rows: 1, parallel: 1 },
  { rows: 1, parallel: 16 },
  { rows: 10, parallel: 8 },
  { rows: 50, parallel: 1 },
  { rows: 50, parallel: 8 },
  { rows: 500, parallel: 8 },
];
const seconds = 3;

const server = await startServing();
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
try {
  const version = await server.register('prices', smallModel());
  await server.ensure('prices');
  await server.roll('prices', version);
  const url = new URL(`${await server.gateway()}/v2/models/prices/infer`);
  const bare = await InferenceSession.create(Buffer.from(smallModel()), { intraOpNumThreads: 1 });
  for (const { rows, parallel } of cases) {
    const body = bodyOf(rows);
    const gateway = await measure(parallel, () => post(url, body));
    const alone = await measure(1, () => bare.run(feeds(rows)));
    const figures = `${gateway.perSecond} requests/s, ${gateway.perSecond * rows} rows/s, p50 ${gateway.p50} ms, p99 ${gateway.p99} ms`;
    console.log(`${rows} rows, ${parallel} at a time: ${figures}; bare ONNX Runtime p50 ${alone.p50} ms`);
  }
  const { environments } = await server.serving.deployment(project, 'prices');
  const replica = environments[0]?.revisions[0]?.replicas[0]?.pid;
  console.log(`resident: agent ${megabytes(server.serving.agentProcess('production'))} MB, model server ${megabytes(replica)} MB`);
} finally {
  agent.destroy();
  await server.stop();
}

async function measure(parallel: number, once: () => Promise<unknown>): Promise<{ perSecond: number; p50: string; p99: string }> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const started = performance.now();
      await once();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(3);
  return { perSecond: Math.round(times.length / seconds), p50: at(0.5), p99: at(0.99) };
}

function columns(rows: number) {
  const each = <Value>(value: (row: number) => Value): Value[] => Array.from({ length: rows }, (_, row) => value(row));
  return { amount: each((row) => row / 7), count: each((row) => row), city: each((row) => (row % 2 === 0 ? 'Rome' : 'Oslo')) };
}

function bodyOf(rows: number): string {
  const { amount, count, city } = columns(rows);
  const shape = [rows];
  return JSON.stringify({
    inputs: [
      { name: 'amount', datatype: 'FP32', shape, data: amount },
      { name: 'count', datatype: 'INT64', shape, data: count },
      { name: 'city', datatype: 'BYTES', shape, data: city },
    ],
  });
}

function feeds(rows: number): Record<string, Tensor> {
  const { amount, count, city } = columns(rows);
  return {
    amount: new Tensor('float32', Float32Array.from(amount), [rows]),
    count: new Tensor('int64', BigInt64Array.from(count, BigInt), [rows]),
    city: new Tensor('string', city, [rows]),
  };
}

function post(url: URL, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function megabytes(pid: number | undefined): number {
  const text = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024);
}
