import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from '../testing/launch.ts';
import { withoutPostgres, withPostgresSchema } from '../testing/postgres-schema.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow3, runScenarios } from './clients.ts';

/** The receiver of the scenarios is on this machine and speaks plain HTTP. */
const open = { RIPEN_WEBHOOKS_SCHEMES: 'http,https', RIPEN_WEBHOOKS_PRIVATE_ADDRESSES: 'true' };

async function every(context: { test: typeof test }, environment: Readonly<Record<string, string>>): Promise<void> {
  const ripen = await launch({ home: temporaryFolder(), environment: { ...open, ...environment } });
  try {
    for (const { name, error } of await runScenarios(mlflow3, 'webhooks', ripen.address))
      await context.test(name, () => assert.equal(error, null, error ?? ''));
  } finally {
    await ripen.stop();
  }
}

test("webhooks by MLflow's client on SQLite", { skip: mlflow3.skip }, async (context) => {
  await every(context, {});
});

test("webhooks by MLflow's client on PostgreSQL", { skip: mlflow3.skip === false ? withoutPostgres : mlflow3.skip }, async (context) => {
  await withPostgresSchema(async (url) => every(context, { RIPEN_DATABASE_URL: url }));
});
