import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '#server/index.ts';
import { run } from './run.ts';

/** Runs one benchmark of `bench/`, each a file of its own. */
export async function bench([name, ...rest]: readonly string[]): Promise<number> {
  const names = readdirSync(join(installation, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  if (name !== undefined && names.includes(name)) return run('node', [`bench/${name}.ts`, ...rest]);
  process.stderr.write(`ripen dev bench: expected one of ${names.join(', ')}; then --quick, --peers, --record as wished\n`);
  return 2;
}
