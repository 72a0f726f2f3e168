import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { digestOf, hexOf, parseDigest } from './digest.ts';
import { openObjectStore } from './open-object-store.ts';

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ripen-blobs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('blobs lie under objects/ab/cd/<hex>, read-only', async (t) => {
  const folder = await scratch(t);
  const store = await openObjectStore(`file:${folder}/data dir`, { cacheDirectory: folder });
  const { digest } = await store.put('x');
  const hex = hexOf(digest);
  const path = join(folder, 'data dir', 'objects', hex.slice(0, 2), hex.slice(2, 4), hex);
  assert.equal(await store.path(digest), path);
  assert.equal((await stat(path)).mode & 0o777, 0o444);
  const same = await openObjectStore(`file://${folder}/data%20dir`, { cacheDirectory: folder });
  assert.equal(await same.has(digest), true);
});

test('temporary files older than an hour are removed when the store opens, younger ones stay', async (t) => {
  const folder = await scratch(t);
  const temporary = join(folder, 'objects', 'tmp');
  await mkdir(temporary, { recursive: true });
  for (const [name, ageMs] of [
    ['old.part', 61 * 60_000],
    ['young.part', 59 * 60_000],
  ] as const) {
    await writeFile(join(temporary, name), name);
    const time = (Date.now() - ageMs) / 1000;
    await utimes(join(temporary, name), time, time);
  }
  await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
  assert.deepEqual(await readdir(temporary), ['young.part']);
});

test('files that are no blobs are not listed', async (t) => {
  const folder = await scratch(t);
  const store = await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
  const { digest } = await store.put('x');
  await writeFile(join(folder, 'objects', 'README'), '');
  await writeFile(join(folder, 'objects', 'tmp', 'a.part'), '');
  await writeFile(`${await store.path(digest)}.bak`, '');
  assert.deepEqual(await Array.fromAsync(store.list()), [{ digest, size: 1 }]);
});

test('putting the content again heals bytes that went bad', async (t) => {
  const folder = await scratch(t);
  const store = await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
  const { digest } = await store.put('good');
  const path = await store.path(digest);
  await rm(path);
  await writeFile(path, 'evil');
  assert.equal(await store.verify(digest), false);
  await store.put('good');
  assert.equal(await store.verify(digest), true);
});

/** Runs a script with a file system of 1 MiB mounted at `$1`, in a mount namespace of its own. */
async function onSmallDisk(folder: string, script: string): Promise<{ code: number | null; output: string }> {
  const shell = 'mount -t tmpfs -o size=1m tmpfs "$1" || exit 99; exec "$2" "$3" "$1"';
  const args = ['--user', '--map-root-user', '--mount', '/bin/sh', '-c', shell, 'sh', folder, process.execPath, script];
  const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const output = text(child.stdout);
  const [code] = (await Promise.race([once(child, 'exit'), once(child, 'error').then(() => [99])])) as [number | null];
  return { code, output: await output };
}

test('a full disk is told as such and leaves no partial file', async (t) => {
  const folder = await scratch(t);
  const { code, output } = await onSmallDisk(folder, fileURLToPath(new URL('testing/fill-disk.ts', import.meta.url)));
  if (code === 99) return t.skip('this machine does not allow to mount a small disk');
  assert.deepEqual(JSON.parse(output), {
    errors: [
      { code: 'kernel.disk-full', kind: 'limit' },
      { code: 'kernel.disk-full', kind: 'limit' },
      { code: 'kernel.disk-full', kind: 'limit' },
    ],
    parts: ['upload.json'],
    left: [],
    kept: [digestOf('small')],
  });
});

test('kill -9 in the middle of writing leaves only whole blobs', async (t) => {
  const folder = await scratch(t);
  const child = spawn(process.execPath, [fileURLToPath(new URL('testing/put-for-ever.ts', import.meta.url)), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    told.push(line);
    if (told.length === 7) child.kill('SIGKILL');
  }
  const store = await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
  for (const line of told) assert.equal(await store.verify(parseDigest(line)), true);
  for await (const { digest } of store.list()) assert.equal(await store.verify(digest), true);
});
