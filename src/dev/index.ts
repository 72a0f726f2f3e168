import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installation } from '#server/index.ts';
import { bench } from './bench.ts';
import { checks } from './checks.ts';
import { packClient } from './client-package.ts';
import { errorPage } from './error-page.ts';
import { writeClientOperations } from './write-client-operations.ts';
import { run, runAll } from './run.ts';
import { testAll, testUnits } from './tests.ts';

/** `npm test`, `npm run check` and the like, run through the launcher so that they use the pinned Node with any npm. */
const commands: Readonly<Record<string, (rest: readonly string[]) => Promise<number>>> = {
  test: testUnits,
  'test-all': testAll,
  check: () => runAll(checks),
  fix: () => run('oxfmt', ['.']),
  errors: async () => {
    await writeFile(join(installation, 'docs/errors.md'), await errorPage());
    return 0;
  },
  client: writeClientOperations,
  'client-package': packClient,
  bench,
  screenshots: async (rest) => (await import('./screenshots.ts')).takeScreenshots(rest),
  web: () => run('vite', ['--config', 'web/vite.config.ts']),
};

/** @returns the exit status */
export async function dev(name: string | undefined, rest: readonly string[]): Promise<number> {
  const command = name === undefined ? undefined : commands[name];
  if (command !== undefined) return command(rest);
  process.stderr.write(`ripen dev: expected one of ${Object.keys(commands).join(', ')}\n`);
  return 2;
}
