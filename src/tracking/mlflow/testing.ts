import { systemActor } from '#kernel/events/index.ts';
import { testDirect, type TestRequest } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { mlflowDirectRoutes, type MlflowRoute } from './protocol/index.ts';

export interface TestMlflow {
  /** Sends a message and gives the status with the parsed reply; what is no JSON comes as text. */
  call(method: string, path: string, message?: unknown): Promise<{ readonly status: number; readonly body: MlflowMessage }>;
  /** Sends bytes and gives the reply as it is. */
  raw: ReturnType<typeof testDirect>;
}

/** A reply as tests look at it: their assertions are the check of its members. */
// oxlint-disable-next-line typescript/no-explicit-any
export type MlflowMessage = any;

/** The routes as their clients see them, in one project and with every action allowed. */
export function testMlflow(routes: readonly MlflowRoute[], { project = 'flights' }: { project?: string } = {}): TestMlflow {
  const ids = countingIds();
  const failures: unknown[] = [];
  const access = (_head: unknown, _action: string, named: string | undefined) => ({ actor: systemActor, project: named ?? project });
  const raw = testDirect(mlflowDirectRoutes(routes, { access, nextRequestId: () => ids.next(), failure: (error) => failures.push(error) }));
  return {
    raw,
    async call(method, path, message) {
      const request: TestRequest =
        message === undefined ? {} : { body: JSON.stringify(message), headers: { 'content-type': 'application/json' } };
      const { status, body } = await raw(method, path, request);
      // A failure inside is shown as it was thrown, not as its reply.
      if (failures.length > 0) throw failures.pop();
      const text = body.toString('utf8');
      return { status, body: text.startsWith('{') ? JSON.parse(text) : text };
    },
  };
}
