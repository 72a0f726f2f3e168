import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { RipenError } from '#kernel/errors.ts';
import { createDirectHandler, type DirectRoute } from '#kernel/http/index.ts';
import { receiveFile } from './receive-file.ts';

const idleMs = 150;

/** A server with one route that receives a file; gives what came of each upload, and sockets to send it with. */
async function withServer(
  keep: (content: Readable) => Promise<unknown>,
  body: (server: { readonly send: (text: string) => Promise<Socket>; readonly outcome: () => Promise<unknown> }) => Promise<void>,
): Promise<void> {
  let settle: (outcome: unknown) => void = () => {};
  const outcome = new Promise<unknown>((resolve) => (settle = resolve));
  const route: DirectRoute = {
    method: 'put',
    path: '/file',
    async handle(call) {
      const kept = receiveFile(call, keep, idleMs);
      settle(await kept.catch((error: unknown) => error));
      return { status: 200 };
    },
  };
  const direct = createDirectHandler({ routes: [route], nextRequestId: () => 'request' });
  const http = createServer({ requestTimeout: 0 }, (incoming, outgoing) => void direct(incoming, outgoing));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const sockets: Socket[] = [];
  try {
    await body({
      outcome: () => outcome,
      async send(text) {
        const socket = connect((http.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
        sockets.push(socket);
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.write(text);
        return socket;
      },
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  }
}

const head = 'PUT /file HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\n';
const codeOf = (outcome: unknown) => (outcome instanceof RipenError ? outcome.code : outcome);

test('a file that arrives slowly is received as long as something comes', () =>
  withServer(
    async (content) => (await buffer(content)).toString(),
    async ({ send, outcome }) => {
      const socket = await send(`${head}01234`);
      for (const text of ['56', '78', '9']) {
        await new Promise((resolve) => setTimeout(resolve, idleMs / 2));
        socket.write(text);
      }
      assert.equal(await outcome(), '0123456789');
    },
  ));

test('a sender that hangs in the middle is given up', () =>
  withServer(buffer, async ({ send, outcome }) => {
    await send(`${head}01234`);
    assert.equal(codeOf(await outcome()), 'http.body-too-slow');
  }));

test('what is kept may take longer than a sender may be silent', () =>
  withServer(
    async (content) => {
      await buffer(content);
      await new Promise((resolve) => setTimeout(resolve, idleMs * 2));
      return 'kept';
    },
    async ({ send, outcome }) => {
      const socket = await send(`${head}0123456789`);
      const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
      assert.equal(await outcome(), 'kept');
      assert.match(await answer, /^HTTP\/1.1 200/);
    },
  ));

test('a sender that goes away is told apart from a failure of ours', async () => {
  await withServer(buffer, async ({ send, outcome }) => {
    const socket = await send(`${head}01234`);
    setTimeout(() => socket.destroy(), 20);
    assert.equal(codeOf(await outcome()), 'http.body-cut-off');
  });
  const full = new Error('disk full');
  await withServer(
    async () => Promise.reject(full),
    async ({ send, outcome }) => {
      await send(`${head}0123456789`);
      assert.equal(await outcome(), full);
    },
  );
});
