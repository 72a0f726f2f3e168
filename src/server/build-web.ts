import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { defineErrors } from '#kernel/errors.ts';

const webErrors = defineErrors('web', {
  'build-failed': {
    kind: 'internal',
    message: (a: { output: string }) => `The web pages could not be built: ${a.output}`,
    hint: () => 'Run `npm ci` again; the API works without the pages.',
  },
});

/**
 * Builds `web/dist` when it is missing or older than what it is made from. A build takes a second or two and is done
 * in a process of its own, so that the bundler's memory is gone afterwards.
 * @returns whether it built
 */
export async function buildWeb(installation: string): Promise<boolean> {
  const web = join(installation, 'web');
  const stamp = join(web, 'dist', 'source-digest');
  const digest = digestOf([
    join(web, 'src'),
    join(web, 'index.html'),
    join(web, 'vite.config.ts'),
    join(installation, 'package-lock.json'),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
  await run(installation);
  writeFileSync(stamp, digest);
  return true;
}

/** A digest of names, sizes and times: quick, and changes whenever somebody edits or checks out. */
function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const files = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort() : [''];
    for (const file of files) {
      const { size, mtimeMs } = statSync(join(path, file));
      hash.update(`${path}/${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function run(installation: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = join(installation, 'node_modules/vite/bin/vite.js');
    const child = spawn(process.execPath, [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
      cwd: installation,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(webErrors['build-failed']({ output: output.trim() }))));
  });
}
