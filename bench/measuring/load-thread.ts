import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadPlan, LoadResult } from './load.ts';

// Plain sockets: a full HTTP client would take more of the shared cores than some of the servers do.
// What `load` passes.
const plan = workerData as LoadPlan;
const url = new URL(plan.url);
const requests = (plan.bodies ?? ['']).map(requestOf);
const end = performance.now() + plan.seconds * 1000;
const latencies: number[] = [];
const failures: string[] = [];
let sent = 0;

const began = performance.now();
await Promise.all(Array.from({ length: plan.clients }, client));
const result: LoadResult = { latencies, seconds: (performance.now() - began) / 1000, failures };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has none
parentPort?.postMessage(result);

function requestOf(body: string): Buffer {
  const content = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${plan.method ?? 'POST'} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n${content}\r\n${body}`);
}

async function client(): Promise<void> {
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  while (performance.now() < end) {
    const request = requests[sent++ % requests.length];
    const start = performance.now();
    socket.write(request ?? '');
    const answer = await answerOf(socket);
    latencies.push(performance.now() - start);
    if (!answer.startsWith('HTTP/1.1 2')) failures.push(answer.slice(0, 500));
  }
  socket.destroy();
}

/** One whole answer, of known length or in chunks. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let length: number | undefined;
    const fail = (): void => reject(new Error(`the server closed the connection after: ${text.slice(0, 200)}`));
    const read = (chunk: Buffer): void => {
      // Latin-1 keeps one character a byte, so lengths can be compared.
      text += chunk.toString('latin1');
      length ??= lengthOf(text);
      if (length === undefined || (length >= 0 ? text.length < length : !text.endsWith('\r\n0\r\n\r\n'))) return;
      socket.off('data', read).off('close', fail);
      resolve(text);
    };
    socket.on('data', read).once('close', fail);
  });
}

/** Bytes of the whole answer; -1 when it comes in chunks; undefined while the head is not complete. */
function lengthOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  if (text.startsWith('HTTP/1.1 204')) return head + 4;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, head))?.[1];
  return length === undefined ? -1 : head + 4 + Number(length);
}
