import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installation, version } from '#server/index.ts';
import { run } from './run.ts';

/**
 * `dist/client`, and beside it the same as a tarball: the TypeScript client as plain JavaScript with its types, without dependencies. It
 * bears the name of the whole package, so that `import 'ripen/client'` is the same with either.
 * @returns the exit status
 */
export async function packClient(): Promise<number> {
  const folder = join(installation, 'dist/client');
  const built = await buildClient(folder);
  return built === 0 ? run('npm', ['pack', folder, '--silent', '--pack-destination', join(installation, 'dist')]) : built;
}

/** @returns the exit status of the compiler */
export async function buildClient(folder: string): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(join(installation, 'LICENSE'), join(folder, 'LICENSE'));
  await copyFile(join(installation, 'docs/client.md'), join(folder, 'README.md'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return run('tsc', ['-p', 'src/client/tsconfig.json', '--outDir', folder]);
}

const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });

const manifest = {
  name: 'ripen',
  version,
  description: 'The TypeScript client of Ripen.',
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  exports: { './client': entry('index'), './client/node': entry('node') },
};
