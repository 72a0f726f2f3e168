import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/cli/client.ts';
import { launch, ripenJson } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow3, runScenarios } from './clients.ts';

test('tokens are the boundary of projects for MLflow clients too', { skip: mlflow3.skip }, async (t) => {
  const home = temporaryFolder();
  const environment = { RIPEN_AUTH: 'tokens' };
  const token = async (label: string, ...wishes: string[]): Promise<string> =>
    (await ripenJson<{ secret: string }>(['token', 'create', label, ...wishes], { home, environment })).secret;
  const tokens = {
    TOKEN_OF_ONE: await token('one', '--project', 'one'),
    TOKEN_OF_OTHER: await token('other', '--project', 'other'),
    READING_TOKEN: await token('reads', '--project', 'one', '--scope', 'read'),
    OLD_TOKEN: await token('old', '--days', '0.00000001'),
  };
  const owner = await token('owner');
  const ripen = await launch({ home, environment });
  t.after(() => ripen.stop());
  const client = connect({ environment: { RIPEN_URL: ripen.address, RIPEN_TOKEN: owner }, directory: home });
  for (const name of ['one', 'other']) await client.post('/api/v1/projects', { name });
  for (const { name, error } of await runScenarios(mlflow3, 'tokens', ripen.address, { environment: tokens }))
    await t.test(name.replaceAll('_', ' '), () => assert.equal(error, null));
  const used = await client.get<{ items: { label: string; lastUsedAt?: number }[] }>('/api/v1/tokens');
  assert.ok(used.items.find(({ label }) => label === 'one')?.lastUsedAt !== undefined, 'the last use is written down');
});
