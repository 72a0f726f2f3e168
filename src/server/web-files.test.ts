import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { webFiles } from './web-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'ripen-web-files-'));
const script = join(directory, 'assets/main.js');
mkdirSync(join(directory, 'assets'));
writeFileSync(script, 'const one = 1;\n'.repeat(1000));
writeFileSync(join(directory, 'index.html'), '<!doctype html>');
after(() => rmSync(directory, { recursive: true, force: true }));

const files = webFiles(directory);
const ask = (path: string, init: RequestInit = {}) => files(new Request(`http://127.0.0.1${path}`, init));
const gzip = { headers: { 'accept-encoding': 'gzip, deflate' } };

test('a script is sent as gzip to who takes it, and as it is to others', async () => {
  const small = await ask('/assets/main.js', gzip);
  const bytes = Buffer.from((await small?.arrayBuffer()) ?? new ArrayBuffer());
  assert.equal(small?.headers.get('content-encoding'), 'gzip');
  assert.equal(small.headers.get('content-length'), String(bytes.length));
  assert.equal(gunzipSync(bytes).length, 15_000);
  const whole = await ask('/assets/main.js');
  assert.equal(whole?.headers.get('content-encoding'), null);
  assert.equal((await whole?.text())?.length, 15_000);
  const head = await ask('/assets/main.js', { ...gzip, method: 'HEAD' });
  assert.equal(head?.headers.get('content-length'), String(bytes.length));
});

test('a file that was built anew is compressed anew', async () => {
  writeFileSync(script, 'const two = 2;\n');
  utimesSync(script, new Date(), new Date(Date.now() + 5000));
  const changed = await ask('/assets/main.js', gzip);
  assert.equal(gunzipSync(Buffer.from((await changed?.arrayBuffer()) ?? new ArrayBuffer())).toString(), 'const two = 2;\n');
});

test('addresses of pages get the one page, and a missing asset nothing', async () => {
  assert.equal(await (await ask('/flights/runs'))?.text(), '<!doctype html>');
  assert.equal(await ask('/assets/none.js', gzip), undefined);
  assert.equal(await ask('/api/v1/projects'), undefined);
});
