import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { launch, type Ripen } from '../testing/launch.ts';
import { withoutPostgres, withPostgresSchema } from '../testing/postgres-schema.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow2, mlflow3, type PythonClient, runScenarios } from './clients.ts';

/** What each client is put through; the scripts stand in `python/`. */
const scripts: readonly (readonly [PythonClient, readonly string[]])[] = [
  [mlflow3, ['tracking', 'models', 'traces']],
  [mlflow2, ['tracking', 'models', 'old_traces']],
];

for (const [client, names] of scripts) {
  describe(`${client.name} on SQLite`, { skip: client.skip }, () => {
    let ripen: Ripen | undefined;
    after(() => ripen?.stop());
    for (const name of names)
      test(`${name} scenarios`, async (context) => {
        ripen ??= await launch({ home: temporaryFolder() });
        await every(context, client, { name, address: ripen.address });
      });
  });

  test(`${client.name} on PostgreSQL`, { skip: client.skip === false ? withoutPostgres : client.skip }, async (context) => {
    await withPostgresSchema(async (url) => {
      const ripen = await launch({ home: temporaryFolder(), environment: { RIPEN_DATABASE_URL: url } });
      try {
        for (const name of names) await every(context, client, { name, address: ripen.address });
      } finally {
        await ripen.stop();
      }
    });
  });
}

/** One subtest for each scenario, so that the report names what broke. */
async function every(
  context: { test: typeof test },
  client: PythonClient,
  { name, address }: { name: string; address: string },
): Promise<void> {
  for (const { name: scenario, error } of await runScenarios(client, name, address))
    await context.test(`${name}: ${scenario.replaceAll('_', ' ')}`, () => assert.equal(error, null));
}
