import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { connect } from '#client/index.ts';
import { buildClient } from '#dev/client-package.ts';
import { cleanEnvironment, launch, repository } from '../testing/launch.ts';
import { installedNode } from '../testing/nodes.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// A project of somebody else, with the Node that the machine has: installs the packed client offline, compiles and runs the examples of its page.

const compiler = join(repository, 'node_modules/typescript/bin/tsc');

async function output(program: string, parameters: readonly string[], folder: string): Promise<string> {
  const PATH = [dirname(installedNode), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(program, parameters, { cwd: folder, env: cleanEnvironment({ PATH }), stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${program} ${parameters.join(' ')}:\n${text}`);
  return text;
}

/** The examples of the page as one program. */
function examples(address: string): string {
  const page = readFileSync(join(repository, 'docs/client.md'), 'utf8');
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  assert.ok(blocks.length >= 7);
  return blocks.join('\n').replaceAll('http://127.0.0.1:7473', address);
}

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // Its types must be right on their own, without those of Node.
  skipLibCheck: false,
  types: [],
  lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
  target: 'es2022',
};

test('another project installs the client, compiles against it and runs every example', { timeout: 180_000 }, async () => {
  const [folder, built] = [temporaryFolder(), temporaryFolder()];
  assert.equal(await buildClient(join(built, 'client')), 0);
  await output('npm', ['pack', join(built, 'client'), '--silent', '--pack-destination', built], built);
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', type: 'module', private: true }));
  await output('npm', ['install', '--offline', '--no-audit', '--no-fund', join(built, `ripen-${version}.tgz`)], folder);
  assert.equal(existsSync(join(folder, 'node_modules/zod')), false);

  const server = await launch({ home: temporaryFolder() });
  try {
    await connect({ url: server.address }).call('identity.create-project', { body: { name: 'shop', title: 'Shop' } });
    writeFileSync(join(folder, 'examples.ts'), examples(server.address));
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...strict, module, moduleResolution }, files: ['examples.ts'] }),
      );
      await output(process.execPath, [compiler, '-p', '.'], folder);
    }
    const said = await output(installedNode, ['examples.js'], folder);
    assert.match(said, /the best loss is 0\.05/);
    assert.match(said, /^baseline 0\.001 0\.1$/m);
    assert.match(said, /^valid$/m);
    assert.equal(readFileSync(join(folder, 'models/demand/weights.json'), 'utf8'), '[0.5,2]');
    assert.equal(existsSync(join(folder, 'copies/package.json')), true);
  } finally {
    await server.stop();
  }
});
