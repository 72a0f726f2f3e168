import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { launch } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow3 } from './clients.ts';

/** Endpoints that start programs, never end their answer, write copies of everything, or take lines that Schemathesis cannot write. */
const left = 'agent|backups|stream|templates|declared-deployments|pipeline|ndjson';

// Schemathesis is installed beside the client.
test('no request that the OpenAPI document allows, or nearly allows, makes the server fail', { skip: mlflow3.skip }, async (t) => {
  const folder = temporaryFolder();
  const ripen = await launch({ home: temporaryFolder() });
  t.after(() => ripen.stop());
  const program = join(dirname(mlflow3.python ?? ''), 'schemathesis');
  const wishes = '--checks not_a_server_error --phases examples,coverage,fuzzing --max-examples 8 --seed 1 --no-color';
  const parameters = ['run', `${ripen.address}/api/v1/openapi.json`, '--exclude-path-regex', left, ...wishes.split(' ')];
  const options = { cwd: folder, timeout: 280_000, maxBuffer: 2 ** 28, env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' } };
  await assert.doesNotReject(
    promisify(execFile)(program, parameters, options).catch((error: unknown) => {
      const report = typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : String(error);
      throw new Error(report.slice(0, 20_000), { cause: error });
    }),
  );
});
