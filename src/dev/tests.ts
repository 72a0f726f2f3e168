import { existsSync } from 'node:fs';
import { startPostgres } from './postgres.ts';
import { run } from './run.ts';

/** Tests that need nothing but Node; they share one process. */
const units = ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'tests/*.test.ts', 'templates/**/*.test.ts'];
/** Whole servers, browsers, killed processes: each file has a process of its own. */
const journeys = ['tests/journeys/*.test.ts', 'tests/interop/*.test.ts', 'tests/browser/*.test.ts', 'tests/chaos/*.test.ts'];
/** Each names a client of another project that the interop tests drive; `.ci/run` installs them. */
const clients = ['RIPEN_TEST_MLFLOW_3', 'RIPEN_TEST_MLFLOW_2', 'RIPEN_TEST_MLFLOW_JAVA'];

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

export function testUnits(rest: readonly string[]): Promise<number> {
  const files = rest.filter((argument) => !argument.startsWith('-'));
  if (files.length === 0) announceSkipped();
  return run('node', [
    '--test',
    '--test-isolation=none',
    ...rest.filter((argument) => argument.startsWith('-')),
    ...(files.length > 0 ? files : units),
  ]);
}

export async function testAll(rest: readonly string[]): Promise<number> {
  const postgres = await startPostgres();
  try {
    const environment: Record<string, string> = {};
    if (postgres !== undefined) environment['RIPEN_TEST_POSTGRES_URL'] = postgres.url;
    if (chromium !== undefined) environment['RIPEN_TEST_CHROMIUM'] = chromium;
    if (postgres === undefined) process.stdout.write('SKIPPED: PostgreSQL is not installed; the store tests run on SQLite only\n');
    if (chromium === undefined) process.stdout.write('SKIPPED: Chromium is not installed; no browser journeys\n');
    for (const name of clients.filter((each) => process.env[each] === undefined))
      process.stdout.write(`SKIPPED: ${name} is not set; no interop tests with that client\n`);
    const first = await run('node', ['--test', '--test-isolation=none', ...rest, ...units], environment);
    const second = await run('node', ['--test', '--test-concurrency=1', ...rest, ...journeys], environment);
    return Math.max(first, second);
  } finally {
    await postgres?.stop();
  }
}

function announceSkipped(): void {
  if (process.env['RIPEN_TEST_POSTGRES_URL'] === undefined)
    process.stdout.write('SKIPPED here: the PostgreSQL half of the store tests; `npm run test:all` starts a server for them\n');
  process.stdout.write('SKIPPED here: browser journeys, real clients and chaos; `npm run test:all` runs them\n');
}
