import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { SignatureVerificationWire } from '../../src/registry/index.ts';
import { launch, type Ripen, ripen } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow3 } from './clients.ts';

// The tool of the OpenSSF verifies what Ripen signed, and Ripen verifies what the tool signed.

const tool = join(import.meta.dirname, 'python/model_signing_tool.py');
const python = mlflow3.python ?? 'python3';

function whySkipped(): string | false {
  if (mlflow3.skip !== false) return mlflow3.skip;
  try {
    execFileSync(python, ['-c', 'import model_signing.manifest'], { stdio: 'pipe', env: { ...process.env, PYTHONPATH: '' } });
  } catch (error) {
    // Only a package that is missing is a reason to skip; pyOpenSSL is one that the tool forgets to ask for.
    if (/No module named 'model_signing'/.test(String(error))) return `${python} has no package model-signing`;
  }
  return false;
}

async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(python, [tool, ...args], { timeout: 120_000 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    // What execFile throws for a status other than 0.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

const files = { 'model.bin': 'the model', 'code/ünï cödé.py': 'pass', 'a.b': '1', 'a/b': '2', '\u{1F34E}.txt': 'apple', '～.txt': 'tilde' };

describe('model-signing', { skip: whySkipped() }, () => {
  const home = temporaryFolder();
  const folder = temporaryFolder();
  const key = join(folder, 'key.pub');
  const model = join(folder, 'model');
  let server: Ripen;

  const verify = () => run(['verify', 'key', '--signature', join(model, 'model.sig'), '--public_key', key, model]);
  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await ripen(args, { home, environment: { RIPEN_PROJECT: 'flights' } });
    return { code, text: stdout + stderr };
  };

  before(async () => {
    server = await launch({ home });
    const { client } = server;
    await client.post('/api/v1/projects', { name: 'flights' });
    const { id } = await client.post<{ id: string }>('/api/v1/projects/flights/runs', { experiment: 'signing' });
    const stored: Record<string, string> = {};
    for (const [name, body] of Object.entries(files)) {
      const path = `/api/v1/projects/flights/runs/${id}/artifacts/${encodeURIComponent(name)}`;
      const put = await client.raw('PUT', path, { body, headers: { 'content-type': 'application/octet-stream' } });
      stored[name] = ((await put.json()) as { digest: string }).digest;
    }
    await client.post('/api/v1/projects/flights/models/pear/versions', { files: stored });
    const downloaded = await command('models', 'download', 'pear', '1', '--to', model);
    assert.equal(downloaded.code, 0, downloaded.text);
    const pem = await command('models', 'keys', '--pem');
    writeFileSync(key, pem.text);
  });
  after(() => server.stop());

  test('the tool accepts a downloaded version with the public key of the server', async () => {
    const { code, output } = await verify();
    assert.equal(code, 0, output);
    assert.match(output, /Verification succeeded/);
    const own = await command('models', 'verify', model, '--key', key);
    assert.equal(own.code, 0, own.text);
  });

  test('both name the file that was tampered with, is missing or was added', async () => {
    for (const [change, undo, named] of [
      [() => writeFileSync(join(model, 'a.b'), 'x'), () => writeFileSync(join(model, 'a.b'), '1'), 'a.b'],
      [() => rmSync(join(model, 'a/b')), () => writeFileSync(join(model, 'a/b'), '2'), 'a/b'],
      [() => writeFileSync(join(model, 'evil.py'), ''), () => rmSync(join(model, 'evil.py')), 'evil.py'],
    ] as const) {
      change();
      const theirs = await verify();
      const own = await command('models', 'verify', model, '--key', key);
      undo();
      assert.notEqual(theirs.code, 0);
      assert.match(theirs.output, new RegExp(named.replace('.', '\\.')));
      assert.equal(own.code, 4, own.text);
      assert.match(own.text, new RegExp(`"${named.replace('.', '\\.')}"`));
    }
    assert.equal((await verify()).code, 0);
  });

  test('both refuse the key of somebody else', async () => {
    const other = join(folder, 'other.pub');
    writeFileSync(other, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }));
    const theirs = await run(['verify', 'key', '--signature', join(model, 'model.sig'), '--public_key', other, model]);
    assert.notEqual(theirs.code, 0);
    const own = await command('models', 'verify', model, '--key', other);
    assert.equal(own.code, 2, own.text);
  });

  for (const curve of ['P-256', 'P-384', 'P-521'])
    test(`Ripen verifies what the tool signed with ${curve}`, async () => {
      const pair = generateKeyPairSync('ec', { namedCurve: curve });
      const [secret, open] = [join(folder, 'secret.pem'), join(folder, 'open.pem')];
      writeFileSync(secret, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      writeFileSync(open, pair.publicKey.export({ type: 'spki', format: 'pem' }));
      const signature = join(folder, `${curve}.sig`);
      const signed = await run(['sign', 'key', '--signature', signature, '--private_key', secret, model]);
      assert.equal(signed.code, 0, signed.output);
      assert.ok(existsSync(signature));
      // The tool signs model.sig along with the rest, and it is there.
      const own = await command('models', 'verify', model, '--signature', signature, '--key', open);
      assert.equal(own.code, 0, own.text);
    });

  test('bytes that change on the disk of the server are found, and the file is named', async () => {
    const path = '/api/v1/projects/flights/models/pear/versions/1';
    const version = await server.client.get<{ files: { name: string; digest: string }[] }>(path);
    const hex = version.files.find(({ name }) => name === 'a.b')?.digest.slice('sha256:'.length) ?? '';
    const blob = join(home, 'objects/objects', hex.slice(0, 2), hex.slice(2, 4), hex);
    assert.equal(readFileSync(blob, 'utf8'), '1');
    chmodSync(blob, 0o644);
    writeFileSync(blob, '7');
    const verified = await server.client.post<SignatureVerificationWire>(`${path}/signature/verify`);
    assert.deepEqual(verified.problems, ['"a.b" is not what was signed.']);
    const checked = await command('models', 'check', 'pear', '1');
    assert.equal(checked.code, 4, checked.text);
  });
});
