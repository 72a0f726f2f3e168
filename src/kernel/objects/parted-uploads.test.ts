import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { type ManualClock, manualClock } from '../clock.ts';
import { digestOf, type ObjectStore, openObjectStore } from './index.ts';

async function withStore(body: (setting: { objects: ObjectStore; clock: ManualClock; folder: string }) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-uploads-'));
  const clock = manualClock();
  const objects = await openObjectStore(`file:${folder}`, { cacheDirectory: join(folder, 'cache'), clock });
  try {
    await body({ objects, clock, folder: join(folder, 'objects', 'tmp') });
  } finally {
    await objects.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const inAnHour = (clock: ManualClock) => clock.now() + 3_600_000;

test('parts that came in any order become one file in theirs', () =>
  withStore(async ({ objects, clock, folder }) => {
    const { id } = await objects.uploads.begin({ note: 'model.bin', expiresAt: inAnHour(clock) });
    const [second, first] = await Promise.all([
      objects.uploads.add(id, 2, Readable.from([Buffer.from('world')])),
      objects.uploads.add(id, 1, 'hello '),
    ]);
    assert.equal((await objects.uploads.find(id))?.note, 'model.bin');
    const { digest, size } = await objects.put(await objects.uploads.join(id, [first, second]));
    assert.deepEqual([digest, size], [digestOf('hello world'), 11]);
    await objects.uploads.drop(id);
    assert.deepEqual(readdirSync(folder), []);
    await assert.rejects(objects.uploads.add(id, 3, 'late'), { code: 'kernel.upload-gone' });
  }));

test('a part that is sent again is chosen by its tag, and one that is not there is named', () =>
  withStore(async ({ objects, clock }) => {
    const { id } = await objects.uploads.begin({ note: '', expiresAt: inAnHour(clock) });
    const old = await objects.uploads.add(id, 1, 'old');
    const young = await objects.uploads.add(id, 1, 'young');
    assert.equal((await objects.put(await objects.uploads.join(id, [young]))).digest, digestOf('young'));
    assert.equal((await objects.put(await objects.uploads.join(id, [old]))).digest, digestOf('old'));
    for (const part of [
      { ...young, number: 2 },
      { number: 1, tag: '../../x' },
      { number: NaN, tag: young.tag },
    ]) {
      await assert.rejects(objects.uploads.join(id, [part]), { code: 'kernel.upload-part-missing' });
    }
  }));

test('a part that breaks off leaves nothing', () =>
  withStore(async ({ objects, clock, folder }) => {
    const { id } = await objects.uploads.begin({ note: '', expiresAt: inAnHour(clock) });
    const cut = new Error('connection lost');
    const half = new Readable({
      read() {
        this.push(Buffer.alloc(3 * 1024 * 1024));
        this.destroy(cut);
      },
    });
    await assert.rejects(objects.uploads.add(id, 1, half), cut);
    assert.deepEqual(readdirSync(join(folder, `upload-${id}`)), ['upload.json']);
  }));

test('what expires is removed, by another process too, and what lasts stays', () =>
  withStore(async ({ objects, clock, folder }) => {
    const short = await objects.uploads.begin({ note: '', expiresAt: clock.now() + 1000 });
    const long = await objects.uploads.begin({ note: '', expiresAt: inAnHour(clock) });
    await objects.uploads.add(short.id, 1, 'x');
    assert.equal(await objects.uploads.sweep(), 0);
    clock.advance(1000);
    assert.equal(await objects.uploads.find(short.id), undefined);
    // Opening the store again, as a restart does, removes stale spooled files but no upload that still lasts.
    clock.set(clock.now() + 3_000_000);
    const other = await openObjectStore(`file:${join(folder, '..', '..')}`, { cacheDirectory: join(folder, 'cache'), clock });
    assert.equal(await other.uploads.sweep(), 1);
    assert.deepEqual(readdirSync(folder), [`upload-${long.id}`]);
    for (const id of ['../../x', '', 'f'.repeat(32)]) {
      assert.equal(await other.uploads.find(id), undefined);
      await other.uploads.drop(id);
    }
  }));
