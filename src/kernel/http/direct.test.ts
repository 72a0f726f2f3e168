import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { countingIds } from '../ids.ts';
import { createBodyRoom } from './body-room.ts';
import { createDirectHandler, type DirectOptions, type DirectRoute } from './direct.ts';
import { createRouteTable } from './route-table.ts';

async function withServer(
  routes: readonly DirectRoute[],
  body: (address: string, failures: unknown[]) => Promise<void>,
  { idleMs = 60_000, room = createBodyRoom() }: Pick<DirectOptions, 'idleMs' | 'room'> = {},
): Promise<void> {
  const ids = countingIds();
  const failures: unknown[] = [];
  const direct = createDirectHandler({
    routes,
    owned: /^\/api\//,
    nextRequestId: () => ids.next(),
    idleMs,
    room,
    failure: (error) => failures.push(error),
  });
  const server = createServer((incoming, outgoing) => {
    if (!direct(incoming, outgoing)) outgoing.writeHead(200).end('somebody else');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    // A server on a port has an address.
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, failures);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const route = (method: DirectRoute['method'], path: string, handle: DirectRoute['handle']): DirectRoute => ({ method, path, handle });

test('a fixed segment wins over a name, a name over the rest', () => {
  const table = createRouteTable([
    route('get', '/a/{name}', async () => ({ status: 200 })),
    route('get', '/a/fixed', async () => ({ status: 201 })),
    route('get', '/a/{rest*}', async () => ({ status: 202 })),
    route('delete', '/a/{name}/tags', async () => ({ status: 203 })),
  ]);
  const pathOf = (path: string) => table.find('GET', path)?.route.path;
  assert.equal(pathOf('/a/fixed'), '/a/fixed');
  assert.equal(pathOf('/a/other'), '/a/{name}');
  assert.equal(pathOf('/a/b/c'), '/a/{rest*}');
  assert.deepEqual(table.find('GET', '/a/b/c')?.params, { rest: 'b/c' });
  assert.equal(pathOf('/a/%zz'), undefined);
  assert.deepEqual(table.methods('/a/x/tags'), ['DELETE']);
  assert.equal(table.find('GET', '/b'), undefined);
});

test('answers with its length, streams, and leaves to others what is not its own', async () => {
  const routes = [
    route('get', '/api/text', async ({ query }) => ({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: `ü ${query.get('q')}`,
    })),
    route('get', '/api/stream', async () => ({ status: 200, body: Readable.from([Buffer.from('a'), Buffer.from('b')]) })),
    route('put', '/api/body', async (call) => ({ status: 200, body: await call.body(10) })),
  ];
  await withServer(routes, async (address) => {
    const text = await fetch(`${address}/api/text?q=1`);
    assert.equal(text.headers.get('content-length'), '4');
    assert.equal(await text.text(), 'ü 1');
    const head = await fetch(`${address}/api/text?q=1`, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), '4');
    assert.equal(await (await fetch(`${address}/api/stream`)).text(), 'ab');
    assert.equal(await (await fetch(`${address}/api/body`, { method: 'PUT', body: 'hello' })).text(), 'hello');
    assert.equal((await fetch(`${address}/api/text`, { method: 'DELETE' })).status, 405);
    assert.equal((await fetch(`${address}/api/nothing`)).status, 404);
    assert.equal(await (await fetch(`${address}/other`)).text(), 'somebody else');
  });
});

test('a body above the limit is refused with a problem, also when its length is not told', async () => {
  const routes = [route('put', '/api/body', async (call) => ({ status: 200, body: await call.body(10) }))];
  await withServer(routes, async (address) => {
    for (const body of ['x'.repeat(11), Readable.toWeb(Readable.from([Buffer.alloc(8), Buffer.alloc(8)]))]) {
      const refused = await fetch(`${address}/api/body`, { method: 'PUT', body, duplex: 'half' });
      assert.equal(refused.status, 413);
      assert.equal(((await refused.json()) as { code: string }).code, 'http.body-too-large');
    }
  });
});

test('a caller that hangs up in the middle of its body or of the reply harms nobody', async () => {
  const seen: string[] = [];
  const destroyed = Promise.withResolvers<void>();
  const routes = [
    route('put', '/api/body', async (call) => {
      await call.body(1000).catch((error: Error) => seen.push(error.message));
      return { status: 200 };
    }),
    route('get', '/api/endless', async () => {
      const body = new Readable({ read: () => body.push(Buffer.alloc(1 << 16)), destroy: () => destroyed.resolve() });
      return { status: 200, body };
    }),
  ];
  await withServer(routes, async (address, failures) => {
    const { port, hostname } = new URL(address);
    const half = connect(Number(port), hostname);
    half.write('PUT /api/body HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc');
    setTimeout(() => half.destroy(), 50);
    const endless = await fetch(`${address}/api/endless`);
    await endless.body?.cancel();
    await destroyed.promise;
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.match(seen[0] ?? '', /ended in the middle of the body, after 3 bytes/);
    assert.deepEqual(failures, []);
  });
});

test('a caller that takes nothing of a stream any more is given up', async () => {
  const destroyed = Promise.withResolvers<void>();
  const endless = route('get', '/api/endless', async () => {
    const body = new Readable({ read: () => body.push(Buffer.alloc(1 << 16)), destroy: () => destroyed.resolve() });
    return { status: 200, body };
  });
  await withServer(
    [endless],
    async (address, failures) => {
      const { port, hostname } = new URL(address);
      const silent = connect(Number(port), hostname).on('error', () => {});
      silent.write('GET /api/endless HTTP/1.1\r\nhost: x\r\n\r\n');
      silent.pause();
      await destroyed.promise;
      await new Promise((resolve) => setTimeout(resolve, 20));
      silent.destroy();
      assert.deepEqual(failures, []);
    },
    { idleMs: 100 },
  );
});

test('a source that was opened for a caller who has gone is closed', async () => {
  const destroyed = Promise.withResolvers<void>();
  const late = route('get', '/api/late', async ({ aborted }) => {
    await once(aborted, 'abort');
    return { status: 200, body: new Readable({ read() {}, destroy: () => destroyed.resolve() }) };
  });
  await withServer([late], async (address, failures) => {
    const { port, hostname } = new URL(address);
    const caller = connect(Number(port), hostname).on('error', () => {});
    caller.write('GET /api/late HTTP/1.1\r\nhost: x\r\n\r\n');
    setTimeout(() => caller.resetAndDestroy(), 50);
    await destroyed.promise;
    assert.deepEqual(failures, []);
  });
});

test('a caller that takes nothing of a large answer is given up too', async () => {
  const large = route('get', '/api/large', async () => ({ status: 200, body: Buffer.alloc(64 * 1024 * 1024) }));
  await withServer(
    [large],
    async (address) => {
      const { port, hostname } = new URL(address);
      const silent = connect(Number(port), hostname).on('error', () => {});
      const cut = once(silent, 'close');
      silent.write('GET /api/large HTTP/1.1\r\nhost: x\r\n\r\n');
      silent.pause();
      await new Promise((resolve) => setTimeout(resolve, 300));
      silent.resume();
      await cut;
      assert.ok(silent.bytesRead < 64 * 1024 * 1024, `${silent.bytesRead} bytes came`);
    },
    { idleMs: 100 },
  );
});

test('large bodies have to find room together; what had none may be sent again', async () => {
  const held = Promise.withResolvers<void>();
  const routes = [
    route('put', '/api/held', async (call) => {
      const { length } = await call.body(10_000_000);
      await held.promise;
      return { status: 200, body: String(length) };
    }),
    route('put', '/api/quick', async (call) => ({ status: 200, body: String((await call.body(10_000_000)).length) })),
  ];
  await withServer(
    routes,
    async (address) => {
      const put = (path: string, size: number): Promise<Response> =>
        fetch(`${address}${path}`, { method: 'PUT', body: Buffer.alloc(size) });
      const first = put('/api/held', 2_500_000);
      let refused = await put('/api/quick', 2_000_000);
      while (refused.status === 200) refused = await put('/api/quick', 2_000_000);
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '1');
      assert.equal((await put('/api/quick', 1000)).status, 200, 'a small one is always taken');
      held.resolve();
      assert.equal(await (await first).text(), '2500000');
      assert.equal((await put('/api/quick', 2_500_000)).status, 200);
    },
    { room: createBodyRoom(3_000_000) },
  );
});
