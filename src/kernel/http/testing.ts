import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Actor, systemActor } from '../events/index.ts';
import { countingIds } from '../ids.ts';
import type { DirectCall, DirectReply } from './direct-call.ts';
import type { DirectRoute } from './direct.ts';
import type { Endpoint } from './endpoint.ts';
import { mountEndpoints } from './mount.ts';
import { createRouteTable } from './route-table.ts';

export interface TestApi {
  /** Calls an endpoint without a socket and gives the parsed JSON; fails the test on any other status than `status` (2xx unless said). */
  call<Result>(method: string, path: string, body?: unknown, expected?: { status: number }): Promise<Result>;
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** The endpoints as their callers see them, with every action allowed. */
export function testApi(endpoints: readonly Endpoint[], actor: Actor = systemActor): TestApi {
  const ids = countingIds();
  const app = mountEndpoints({ endpoints, admit: async () => actor, nextRequestId: () => ids.next() });
  return {
    async request(path, init) {
      return app.request(path, init);
    },
    async call<Result>(method: string, path: string, body?: unknown, expected?: { status: number }) {
      const init =
        body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await app.request(path, init);
      const text = await response.text();
      const asExpected = expected === undefined ? response.ok : response.status === expected.status;
      assert.ok(asExpected, `${method} ${path} answered ${response.status}: ${text}`);
      // The test names the type it expects; the assertion on its members is the check.
      return (text === '' ? undefined : JSON.parse(text)) as Result;
    },
  };
}

export interface TestRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
}

export interface TestReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends requests to direct routes without a socket. */
export function testDirect(routes: readonly DirectRoute[]): (method: string, target: string, request?: TestRequest) => Promise<TestReply> {
  const table = createRouteTable(routes);
  return async (method, target, { headers = {}, body = '' } = {}) => {
    const [path = '', search = ''] = target.split('?', 2);
    const found = table.find(method, path);
    assert.ok(found, `${method} ${path} is no route`);
    const stream = body instanceof Readable ? body : Readable.from(body.length === 0 ? [] : [Buffer.from(body)]);
    const call: DirectCall = {
      method,
      path,
      params: found.params,
      query: new URLSearchParams(search),
      headers,
      stream,
      body: () => buffer(stream),
      aborted: new AbortController().signal,
    };
    const reply = await found.route.handle(call);
    return { status: reply.status, headers: reply.headers ?? {}, body: await bytesOf(reply.body) };
  };
}

async function bytesOf(body: DirectReply['body']): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  return buffer(body);
}
