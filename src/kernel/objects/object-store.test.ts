import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { type Digest, digestOf, hexOf, parseDigest } from './digest.ts';
import type { ObjectStore } from './model.ts';
import { openObjectStore } from './open-object-store.ts';
import { startFakeS3 } from './testing/fake-s3.ts';

interface Setting {
  readonly store: ObjectStore;
  readonly folder: string;
  /** Replaces the stored bytes behind the back of the store. */
  readonly damage: (digest: Digest, content: Buffer) => Promise<void>;
}

type Case = (setting: Setting) => Promise<void>;

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ripen-objects-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const settings: Readonly<Record<string, (run: Case) => Promise<void>>> = {
  'directory store': (run) =>
    withFolder(async (folder) => {
      const store = await openObjectStore(`file:${folder}/store`, { cacheDirectory: `${folder}/cache` });
      const damage = async (digest: Digest, content: Buffer): Promise<void> => {
        const path = await store.path(digest);
        await chmod(path, 0o644);
        await writeFile(path, content);
      };
      await run({ store, folder, damage });
      await store.close();
    }),
  'S3 store': (run) =>
    withFolder(async (folder) => {
      const s3 = await startFakeS3({ pageSize: 2 });
      try {
        const options = { cacheDirectory: `${folder}/cache`, credentials: s3.credentials, s3: { backoffMs: 1, partBytes: 1 } };
        const store = await openObjectStore(s3.url('team a/blöbs'), options);
        const damage = async (digest: Digest, content: Buffer): Promise<void> => {
          const key = [...s3.objects.keys()].find((name) => name.endsWith(hexOf(digest)));
          s3.objects.set(key ?? '', content);
        };
        await run({ store, folder, damage });
        await store.close();
        assert.equal(s3.openUploads(), 0);
      } finally {
        await s3.close();
      }
    }),
};

function testEach(name: string, run: Case): void {
  for (const [setting, around] of Object.entries(settings)) test(`${setting}: ${name}`, () => around(run));
}

/** Temporary files that are left anywhere below a folder. */
async function leftovers(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'));
}

const missing = digestOf('never stored');

testEach('an empty blob is stored, read and listed', async ({ store }) => {
  const put = await store.put('');
  assert.deepEqual(put, { digest: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', size: 0 });
  assert.equal((await store.read(put.digest)).length, 0);
  assert.equal((await buffer(await store.get(put.digest, { start: 0 }))).length, 0);
  assert.equal(await store.size(put.digest), 0);
  assert.equal(await store.verify(put.digest), true);
  assert.equal((await readFile(await store.path(put.digest))).length, 0);
  assert.deepEqual(await Array.fromAsync(store.list()), [put]);
});

testEach('text is stored as UTF-8 and a path leads to a read-only file', async ({ store }) => {
  const text = 'naïve café 東京 🛫\u0000';
  const { digest, size } = await store.put(text);
  assert.equal(digest, digestOf(text));
  assert.equal(size, Buffer.byteLength(text));
  assert.equal((await store.read(digest)).toString(), text);
  const path = await store.path(digest);
  assert.equal(await readFile(path, 'utf8'), text);
  assert.equal((await stat(path)).mode & 0o777, 0o444);
});

testEach('a stream of 20 MB is never held in memory', async ({ store, folder }) => {
  // One buffer that is overwritten for each chunk: had the store kept chunks instead of writing them, the bytes would be wrong.
  const chunk = Buffer.alloc(100_000);
  const chunks = 200;
  async function* stream(): AsyncGenerator<Buffer> {
    for (let index = 0; index < chunks; index += 1) yield chunk.fill(index);
  }
  const { digest, size } = await store.put(stream());
  assert.equal(size, 20_000_000);
  let at = 0;
  for await (const part of await store.get(digest)) {
    for (const place of [0, part.length - 1]) assert.equal(part[place], Math.floor((at + place) / 100_000));
    at += part.length;
  }
  assert.equal(at, size);
  assert.equal(await store.verify(digest), true);
  assert.deepEqual(await leftovers(folder), []);
});

testEach('content that is not what was declared is refused and nothing stays', async ({ store, folder }) => {
  await assert.rejects(store.put('b', digestOf('a')), { code: 'kernel.digest-mismatch', kind: 'input' });
  assert.equal(await store.has(digestOf('a')), false);
  assert.equal(await store.has(digestOf('b')), false);
  assert.deepEqual(await leftovers(folder), []);
  assert.equal((await store.put('a', digestOf('a'))).size, 1);
});

testEach('a source that fails half way leaves nothing', async ({ store, folder }) => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(200_000);
    throw new Error('the upload was cut');
  }
  await assert.rejects(store.put(broken()), /the upload was cut/);
  assert.deepEqual(await leftovers(folder), []);
  assert.deepEqual(await Array.fromAsync(store.list()), []);
});

testEach('a changed byte and a cut blob are found', async ({ store, damage }) => {
  const content = randomBytes(1000);
  const { digest } = await store.put(content);
  const changed = Buffer.from(content);
  changed[500] = changed[500]! ^ 1;
  for (const bad of [changed, content.subarray(0, 999), Buffer.alloc(0)]) {
    await damage(digest, bad);
    assert.equal(await store.verify(digest), false);
    await assert.rejects(store.read(digest), { code: 'kernel.object-corrupt' });
  }
  await store.delete(digest);
  await store.put(content);
  assert.equal(await store.verify(digest), true);
});

testEach('the same content put many times at once is one blob', async ({ store, folder }) => {
  const content = randomBytes(300_000);
  const results = await Promise.all(Array.from({ length: 8 }, () => store.put(content)));
  assert.equal(new Set(results.map((result) => result.digest)).size, 1);
  assert.deepEqual(await Array.fromAsync(store.list()), [results[0]]);
  assert.equal(await store.verify(results[0]!.digest), true);
  assert.deepEqual(await leftovers(folder), []);
});

testEach('ranges hold their first byte and not their last', async ({ store }) => {
  const { digest } = await store.put('0123456789');
  const part = async (start: number, end?: number): Promise<string> => (await buffer(await store.get(digest, { start, end }))).toString();
  assert.equal(await part(0), '0123456789');
  assert.equal(await part(0, 1), '0');
  assert.equal(await part(9), '9');
  assert.equal(await part(3, 7), '3456');
  assert.equal(await part(3, 3), '');
  assert.equal(await part(10), '');
  assert.equal(await part(10, 20), '');
  assert.equal(await part(8, 99), '89');
  for (const [start, end] of [
    [11, undefined],
    [11, 11],
    [-1, 3],
    [5, 4],
    [0.5, 3],
    [Number.NaN, undefined],
  ] as const) {
    await assert.rejects(part(start, end), { code: 'kernel.object-range-invalid' });
  }
});

testEach('a digest that is not there is told as such', async ({ store }) => {
  for (const attempt of [
    () => store.get(missing),
    () => store.get(missing, { start: 0, end: 0 }),
    () => store.get(missing, { start: 5 }),
    () => store.read(missing),
    () => store.path(missing),
    () => store.size(missing),
    () => store.verify(missing),
  ]) {
    await assert.rejects(attempt, { code: 'kernel.object-not-found', kind: 'not-found' });
  }
  assert.equal(await store.has(missing), false);
  await store.delete(missing);
});

testEach('a deleted blob is gone, also from its path', async ({ store }) => {
  const { digest } = await store.put('short-lived');
  await store.path(digest);
  await store.delete(digest);
  assert.equal(await store.has(digest), false);
  await assert.rejects(store.path(digest), { code: 'kernel.object-not-found' });
});

testEach('all blobs are listed in the order of their digests', async ({ store }) => {
  const texts = ['one', 'two', 'three', 'four', 'five'];
  for (const text of texts) await store.put(text);
  const listed = await Array.fromAsync(store.list());
  assert.deepEqual(
    listed.map((object) => object.digest),
    texts.map((text) => digestOf(text)).toSorted(),
  );
});

testEach('a file is taken in and stays; one that cannot be read is named', async ({ store, folder }) => {
  const path = join(folder, 'source.bin');
  await writeFile(path, randomBytes(2_000_000));
  const { digest, size } = await store.putFile(path);
  assert.equal(size, 2_000_000);
  assert.deepEqual(await store.read(digest), await readFile(path));
  for (const bad of [join(folder, 'nowhere'), folder]) {
    await assert.rejects(store.putFile(bad), { code: 'kernel.object-source-unreadable' });
  }
});

testEach('a stream may be left early', async ({ store }) => {
  const { digest } = await store.put(Buffer.alloc(3_000_000));
  for await (const chunk of await store.get(digest)) {
    assert.ok(chunk.length > 0);
    break;
  }
  await (await store.get(digest)).cancel();
  await store.delete(digest);
});

test('a digest is read strictly', () => {
  assert.equal(parseDigest(missing), missing);
  for (const bad of [
    '',
    'sha256:',
    missing.toUpperCase(),
    `${missing}0`,
    `${missing}\n`,
    hexOf(missing),
    missing.replace('sha256', 'sha512'),
  ]) {
    assert.throws(() => parseDigest(bad), { code: 'kernel.digest-invalid' });
  }
});

test('an address that names no store is refused', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  for (const url of ['', '/tmp/x', 'ftp://x/y', 'file:', 's3:///prefix', 's3://key:secret@bucket/x', 's3://bucket?endpoint=nonsense']) {
    await assert.rejects(openObjectStore(url, { cacheDirectory: tmpdir(), credentials }), { code: 'kernel.object-store-url-invalid' });
  }
  await assert.rejects(openObjectStore('s3://bucket', { cacheDirectory: tmpdir() }), { code: 'kernel.object-store-url-invalid' });
});
