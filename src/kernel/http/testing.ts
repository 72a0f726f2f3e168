import assert from 'node:assert/strict';
import { type Actor, systemActor } from '../events/index.ts';
import { countingIds } from '../ids.ts';
import type { Endpoint } from './endpoint.ts';
import { mountEndpoints } from './mount.ts';

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
