import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { type ManualClock, manualClock } from '../clock.ts';
import { hexOf } from './digest.ts';
import type { ObjectStore, ObjectStoreOptions } from './model.ts';
import { openObjectStore } from './open-object-store.ts';
import { type FakeS3, type FakeS3Options, startFakeS3 } from './testing/fake-s3.ts';

const MiB = 1024 * 1024;

interface Bench {
  readonly s3: FakeS3;
  readonly folder: string;
  readonly clock: ManualClock;
  readonly open: (more?: Partial<ObjectStoreOptions>) => Promise<ObjectStore>;
}

async function withS3(run: (bench: Bench) => Promise<void>, options: FakeS3Options = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ripen-s3-'));
  const s3 = await startFakeS3(options);
  const clock = manualClock();
  const stores: ObjectStore[] = [];
  const open = async (more: Partial<ObjectStoreOptions> = {}): Promise<ObjectStore> => {
    const tuning = { backoffMs: 1, partBytes: 5 * MiB };
    const store = await openObjectStore(s3.url('p'), { cacheDirectory: folder, credentials: s3.credentials, clock, s3: tuning, ...more });
    stores.push(store);
    return store;
  };
  try {
    await run({ s3, folder, clock, open });
  } finally {
    for (const store of stores) await store.close();
    await s3.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test('S3 that answers 503 twice is asked again, for every operation', () =>
  withS3(async ({ s3, open }) => {
    s3.fail(2, 503);
    const store = await open();
    s3.fail(2, 503);
    const { digest } = await store.put('patience');
    for (const operation of [
      () => store.read(digest),
      () => store.path(digest),
      () => store.size(digest),
      () => Array.fromAsync(store.list()),
    ]) {
      s3.fail(2, 503);
      await operation();
    }
    s3.fail(2, 429);
    await store.delete(digest);
    assert.equal(s3.objects.size, 0);
  }));

test('S3 that keeps failing is told as unavailable, with its reason', () =>
  withS3(async ({ s3, open }) => {
    const store = await open({ s3: { backoffMs: 1, retries: 2 } });
    s3.fail(100, 503);
    const before = s3.requests.length;
    await assert.rejects(store.put('x'), { code: 'kernel.object-store-unavailable', kind: 'unavailable', message: /it answered 503/ });
    assert.equal(s3.requests.length - before, 3);
    await assert.rejects(Array.fromAsync(store.list()), { message: /SlowDown: Please reduce your request rate\.$/ });
  }));

test('S3 that hangs is given up after the time limit', () =>
  withS3(async ({ s3, folder, open }) => {
    const store = await open({ s3: { backoffMs: 1, retries: 1, timeoutMs: 50 } });
    const { digest } = await store.put('x');
    s3.hang(true);
    const started = performance.now();
    const unavailable = { code: 'kernel.object-store-unavailable', message: /sent nothing for 50 ms/ };
    await assert.rejects(store.has(digest), unavailable);
    await assert.rejects(store.put('y'), unavailable);
    await assert.rejects(store.path(digest), unavailable);
    assert.ok(performance.now() - started < 2000);
    assert.deepEqual(
      (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part')),
      [],
    );
  }));

test('closing the store ends the requests under way', () =>
  withS3(async ({ s3, open }) => {
    const store = await open();
    s3.hang(true);
    const waiting = assert.rejects(store.list()[Symbol.asyncIterator]().next(), { message: /was closed/ });
    await store.close();
    await waiting;
  }));

test('a server that is not there, a wrong key and a wrong bucket are told when the store opens', () =>
  withS3(async ({ s3, open, folder }) => {
    await assert.rejects(open({ credentials: { ...s3.credentials, secretAccessKey: 'guess' } }), {
      code: 'kernel.object-store-refused',
      message: /403: SignatureDoesNotMatch/,
    });
    const at = { cacheDirectory: folder, credentials: s3.credentials, s3: { backoffMs: 1, retries: 1 } };
    await assert.rejects(openObjectStore(s3.url().replace('s3://blobs', 's3://other'), at), { message: /404: NoSuchBucket/ });
    const nowhere = 's3://blobs/p?endpoint=http://127.0.0.1:1';
    await assert.rejects(openObjectStore(nowhere, at), { code: 'kernel.object-store-unavailable' });
  }));

test('a session token is signed too', () =>
  withS3(async ({ open }) => assert.equal((await (await open()).put('x')).size, 1), {
    credentials: { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 'token/+=' },
  }));

test('a large blob goes up in parts and can be read in ranges across them', () =>
  withS3(async ({ s3, open }) => {
    const store = await open();
    const content = randomBytes(12 * MiB);
    const { digest } = await store.put(content);
    assert.equal(s3.requests.filter((request) => request.includes('partNumber=')).length, 3);
    assert.equal(s3.openUploads(), 0);
    assert.deepEqual(s3.objects.get(`p/objects/${hexOf(digest).slice(0, 2)}/${hexOf(digest).slice(2, 4)}/${hexOf(digest)}`), content);
    const part = await buffer(await store.get(digest, { start: 5 * MiB - 3, end: 5 * MiB + 3 }));
    assert.deepEqual(part, content.subarray(5 * MiB - 3, 5 * MiB + 3));
  }));

test('an upload in parts that fails is taken back', () =>
  withS3(async ({ s3, folder, open }) => {
    const store = await open({ s3: { backoffMs: 1, retries: 0, partBytes: 5 * MiB } });
    async function* content(): AsyncGenerator<Buffer> {
      yield randomBytes(11 * MiB);
    }
    const put = store.put(content());
    while (s3.openUploads() === 0) await new Promise((done) => setImmediate(done));
    s3.fail(1, 500);
    await assert.rejects(put, { code: 'kernel.object-store-unavailable' });
    assert.equal(s3.openUploads(), 0);
    assert.equal(s3.objects.size, 0);
    assert.deepEqual(await readdir(join(folder, 'objects', 'tmp')), []);
  }));

test('a download that breaks off goes on where it broke', () =>
  withS3(async ({ s3, open }) => {
    const store = await open();
    const content = randomBytes(3 * MiB);
    const { digest } = await store.put(content);
    s3.cutNext(MiB);
    assert.deepEqual(await store.read(digest), content);
    s3.cutNext(0);
    assert.deepEqual(await buffer(await store.get(digest, { start: 10, end: 2 * MiB })), content.subarray(10, 2 * MiB));
  }));

test('the same content is sent once', () =>
  withS3(async ({ s3, open }) => {
    const store = await open();
    await store.put('same');
    await store.put('same');
    assert.equal(s3.requests.filter((request) => request.startsWith('PUT')).length, 1);
  }));

test('paths are checked copies: downloaded once, shared, kept over a restart, never wrong bytes', () =>
  withS3(async ({ s3, open }) => {
    const store = await open();
    const { digest } = await store.put('copy me');
    const gets = (): number => s3.requests.filter((request) => request.startsWith('GET') && request.includes(hexOf(digest))).length;
    const paths = await Promise.all([store.path(digest), store.path(digest), store.path(digest)]);
    assert.equal(new Set(paths).size, 1);
    assert.equal(gets(), 1);
    await store.close();
    const again = await open();
    assert.equal(await readFile(await again.path(digest), 'utf8'), 'copy me');
    assert.equal(gets(), 1);

    const other = await again.put('good bytes');
    for (const key of s3.objects.keys()) if (key.endsWith(hexOf(other.digest))) s3.objects.set(key, Buffer.from('evil bytes'));
    await assert.rejects(again.path(other.digest), { code: 'kernel.object-corrupt' });
  }));

test('the copies stay below their size limit, the least recently used go first', () =>
  withS3(async ({ clock, open }) => {
    const store = await open({ cacheBytes: 2500, cacheHoldMs: 1000 });
    const digests = await Promise.all([1, 2, 3, 4].map(async (fill) => (await store.put(Buffer.alloc(1000, fill))).digest));
    const [first, second, third, fourth] = digests as [(typeof digests)[0], (typeof digests)[0], (typeof digests)[0], (typeof digests)[0]];
    const paths = [await store.path(first), await store.path(second)];
    clock.advance(5000);
    await store.path(first);
    paths.push(await store.path(third));
    assert.deepEqual(
      paths.map((path) => existsSync(path)),
      [true, false, true],
    );
    // Both remaining ones were just handed out, so nothing may be removed.
    paths.push(await store.path(fourth));
    assert.deepEqual(
      paths.map((path) => existsSync(path)),
      [true, false, true, true],
    );
    clock.advance(5000);
    await store.path(second);
    assert.deepEqual(
      paths.map((path) => existsSync(path)),
      [false, true, false, true],
    );
  }));
