import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { inflateRawSync, crc32 } from 'node:zlib';
import { zipFiles } from './zip-files.ts';
import { centralHeader, dataDescriptor, endOfZip, localHeader } from './zip-records.ts';

const file = (name: string, content: Buffer | string) => ({ name, size: content.length, storedAt: Date.UTC(2026, 0, 2, 3, 4, 6), content });
const open = async ({ content }: { content: Buffer | string }) => Readable.from([Buffer.from(content)]);

/** What a reader finds that goes by the central headers. */
function readZip(zip: Buffer): Record<string, string> {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x0605_4b50);
  const found: Record<string, string> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < zip.readUInt16LE(end + 10); index++) {
    assert.equal(zip.readUInt32LE(at), 0x0201_4b50);
    const [crc, compressed, size] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString('utf8');
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(begin, begin + compressed));
    assert.equal(content.length, size);
    assert.equal(crc32(content), crc);
    found[name] = content.toString();
    at += 46 + nameLength + zip.readUInt16LE(at + 30);
  }
  assert.equal(at, end);
  return found;
}

test('what is zipped is found again, empty files and names of any language too', async () => {
  const files = [
    file('a.txt', 'hello'),
    file('ü/日本.csv', 'x,y\n'.repeat(10_000)),
    file('empty', ''),
    file('large', 'ripen'.repeat(50_000)),
    file('deep/er/b', Buffer.alloc(1)),
  ];
  const zip = await buffer(Readable.from(zipFiles(files, open)));
  assert.deepEqual(readZip(zip), Object.fromEntries(files.map(({ name, content }) => [name, content.toString()])));
  assert.deepEqual(readZip(await buffer(Readable.from(zipFiles([], open)))), {});
});

test('other programs read it', async (t) => {
  if (!existsSync('/usr/bin/python3')) return t.skip('this machine has no python3');
  const folder = mkdtempSync(join(tmpdir(), 'ripen-zip-'));
  try {
    const files = Array.from({ length: 500 }, (_, index) => file(`f/${index}.txt`, index % 100 === 0 ? `file ${index}` : ''));
    await pipeline(Readable.from(zipFiles(files, open)), createWriteStream(join(folder, 'a.zip')));
    const script = `import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; i=z.infolist(); print(len(i), z.read('f/400.txt').decode(), i[0].date_time)`;
    const said = execFileSync('/usr/bin/python3', ['-c', script, join(folder, 'a.zip')], { encoding: 'utf8' });
    assert.equal(said.trim(), '500 file 400 (2026, 1, 2, 3, 4, 6)');
    assert.ok(readFileSync(join(folder, 'a.zip')).length > 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('sizes and places beyond 32 bits are written with 64', () => {
  const entry = { name: Buffer.from('x'), modifiedAt: 0, zip64: true };
  const written = { ...entry, crc: 1, size: 2 ** 33, compressed: 2 ** 32 + 5, offset: 2 ** 34 };
  const local = localHeader(entry);
  assert.deepEqual([local.readUInt32LE(18), local.readUInt16LE(28), local.length], [0xffff_ffff, 20, 30 + 1 + 20]);
  assert.equal(dataDescriptor(written).readBigUInt64LE(8), 2n ** 32n + 5n);
  const central = centralHeader(written);
  assert.deepEqual(
    [0, 8, 16].map((at) => central.readBigUInt64LE(46 + 1 + 4 + at)),
    [2n ** 33n, 2n ** 32n + 5n, 2n ** 34n],
  );
  const end = endOfZip({ entries: 70_000, start: 2 ** 35, length: 100 });
  assert.deepEqual([end.readBigUInt64LE(32), end.readBigUInt64LE(48)], [70_000n, 2n ** 35n]);
  assert.equal(end.readBigUInt64LE(56 + 8), 2n ** 35n + 100n);
  assert.equal(end.readUInt32LE(end.length - 6), 0xffff_ffff);
});

test('a file that cannot be read ends the zip with its error, and one that is left early is closed', async () => {
  const broken = new Error('disk gone');
  const failing = async () =>
    new Readable({
      read() {
        this.destroy(broken);
      },
    });
  for (const size of [1, 1_000_000]) {
    await assert.rejects(buffer(Readable.from(zipFiles([{ ...file('a', 'x'), size }], failing))), broken);
  }
  let closed = false;
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(100_000, 'x'));
    },
    destroy(error, done) {
      closed = true;
      done(error);
    },
  });
  const zip = zipFiles([{ ...file('a', 'x'), size: 1_000_000 }], async () => endless);
  await zip.next();
  await zip.next();
  await zip.return(undefined);
  await new Promise((resolve) => endless.once('close', resolve).destroyed && setImmediate(resolve));
  assert.ok(closed);
});
