import { test, type TestContext } from 'node:test';
import { launch, type Ripen } from './launch.ts';
import { type Wire, wireTo } from './mlflow-wire.ts';
import { withoutPostgres, withPostgresSchema } from './postgres-schema.ts';
import { temporaryFolder } from './temporary.ts';

export interface Served {
  readonly server: Ripen;
  readonly wire: Wire;
}

type Body = (served: Served, context: TestContext) => Promise<void>;

async function against(
  environment: Readonly<Record<string, string>>,
  { body, context }: { body: Body; context: TestContext },
): Promise<void> {
  const server = await launch({ home: temporaryFolder(), environment, node: process.execPath });
  const wire = wireTo(server.address);
  try {
    await body({ server, wire }, context);
  } finally {
    wire.close();
    await server.stop();
  }
}

/** One test per database, each against a server process of its own. */
export function testOnEachServer(name: string, body: Body, timeout = 240_000): void {
  testOnServer(`${name} (SQLite)`, body, timeout);
  test(`${name} (PostgreSQL)`, { timeout, skip: withoutPostgres }, (context) =>
    withPostgresSchema((url) => against({ RIPEN_DATABASE_URL: url }, { body, context })),
  );
}

/** For what has nothing to do with the database. */
export function testOnServer(name: string, body: Body, timeout = 240_000): void {
  test(name, { timeout }, (context) => against({}, { body, context }));
}
