import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { clipRange } from './byte-range.ts';
import { digestFromHex, type Digest, objectKey } from './digest.ts';
import { objectErrors, systemCode, withDiskFull } from './errors.ts';
import type { BlobStore, ByteRange, SpooledFile, StoredObject } from './model.ts';
import { prepareSpool } from './spool.ts';

const readBytes = 512 * 1024;

/** Blobs in a folder: `objects/ab/cd/<hex>`, read-only, written by rename, so a reader sees all of a blob or none. */
export async function openDirectoryStore(root: string, clock: Clock): Promise<BlobStore> {
  const name = `file:${root}`;
  const spoolDirectory = join(root, 'objects', 'tmp');
  const pathOf = (digest: Digest): string => join(root, objectKey(digest));
  const missing = (digest: Digest, cause: unknown): unknown =>
    systemCode(cause) === 'ENOENT' ? objectErrors['object-not-found']({ digest, store: name }, cause) : cause;
  await prepareSpool(spoolDirectory, clock);

  const size = async (digest: Digest): Promise<number | undefined> => {
    try {
      return (await stat(pathOf(digest))).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };

  const openBlob = async (digest: Digest, range: ByteRange | undefined): Promise<Readable> => {
    try {
      return await openRange(pathOf(digest), digest, range);
    } catch (error) {
      throw missing(digest, error);
    }
  };

  return {
    name,
    spoolDirectory,
    add: (file) => moveInto(file, pathOf(file.digest)),
    // A file gives bytes, which the type of its web stream does not say.
    get: async (digest, range) => Readable.toWeb(await openBlob(digest, range)) as ReadableStream<Uint8Array>,
    open: openBlob,
    path: async (digest) => {
      if ((await size(digest)) === undefined) throw objectErrors['object-not-found']({ digest, store: name });
      return pathOf(digest);
    },
    size,
    delete: async (digest) => {
      await rm(pathOf(digest), { force: true });
    },
    list: () => listObjects(join(root, 'objects')),
    close: () => Promise.resolve(),
  };
}

/** Also when the blob is there already: the bytes are the same, and bytes that went bad on the disk are healed. */
async function moveInto(file: SpooledFile, target: string): Promise<void> {
  const folder = dirname(target);
  try {
    const created = await mkdir(folder, { recursive: true });
    await rename(file.path, target);
    await syncFolder(folder);
    if (created !== undefined) {
      await syncFolder(dirname(folder));
      await syncFolder(dirname(dirname(folder)));
    }
  } catch (error) {
    await rm(file.path, { force: true });
    throw withDiskFull(error, target);
  }
}

/** A rename is durable only when the folder that holds the name is. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

async function openRange(path: string, digest: Digest, range: ByteRange | undefined): Promise<Readable> {
  const file = await open(path, 'r');
  try {
    const { start, end } = clipRange(digest, range, (await file.stat()).size);
    if (start === end) {
      await file.close();
      return Readable.from([]);
    }
    // The stream closes the file when it ends, fails or is destroyed.
    return file.createReadStream({ start, end: end - 1, highWaterMark: readBytes });
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* listObjects(root: string): AsyncGenerator<StoredObject> {
  for (const outer of await entries(root, /^[0-9a-f]{2}$/)) {
    for (const inner of await entries(join(root, outer), /^[0-9a-f]{2}$/)) {
      for (const hex of await entries(join(root, outer, inner), /^[0-9a-f]{64}$/)) {
        try {
          yield { digest: digestFromHex(hex), size: (await stat(join(root, outer, inner, hex))).size };
        } catch (error) {
          // Deleted since the folder was read.
          if (systemCode(error) !== 'ENOENT') throw error;
        }
      }
    }
  }
}

async function entries(folder: string, form: RegExp): Promise<string[]> {
  const found: Dirent[] = await readdir(folder, { withFileTypes: true });
  return found
    .map((entry) => entry.name)
    .filter((name) => form.test(name))
    .toSorted();
}
