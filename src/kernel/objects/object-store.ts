import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { digestFromHex, digestOf, type Digest } from './digest.ts';
import { objectErrors, systemCode } from './errors.ts';
import type { BlobStore, ObjectStore, StoredObject } from './model.ts';
import { createPartedUploads } from './parted-uploads.ts';
import { spool } from './spool.ts';

/** What every store has in common: spooling, hashing, checking. */
export function createObjectStore(blobs: BlobStore, clock: Clock): ObjectStore {
  const put: ObjectStore['put'] = async (content, expected) => {
    const file = await spool(blobs.spoolDirectory, content, expected);
    await blobs.add(file);
    return { digest: file.digest, size: file.size };
  };

  const hashStored = async (digest: Digest): Promise<Digest> => {
    const hash = createHash('sha256');
    for await (const chunk of await blobs.get(digest, undefined)) hash.update(chunk);
    return digestFromHex(hash.digest('hex'));
  };

  return {
    name: blobs.name,
    put,
    putFile: (path, expected) => putFile(put, path, expected),
    get: (digest, range) => blobs.get(digest, range),
    open: (digest, range) => blobs.open(digest, range),
    read: async (digest) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await blobs.get(digest, undefined)) chunks.push(chunk);
      const content = Buffer.concat(chunks);
      const actual = digestOf(content);
      if (actual !== digest) throw objectErrors['object-corrupt']({ digest, store: blobs.name, actual });
      return content;
    },
    path: (digest) => blobs.path(digest),
    has: async (digest) => (await blobs.size(digest)) !== undefined,
    size: async (digest) => {
      const size = await blobs.size(digest);
      if (size === undefined) throw objectErrors['object-not-found']({ digest, store: blobs.name });
      return size;
    },
    delete: (digest) => blobs.delete(digest),
    list: () => blobs.list(),
    uploads: createPartedUploads(blobs.spoolDirectory, clock),
    verify: async (digest) => (await hashStored(digest)) === digest,
    close: () => blobs.close(),
  };
}

async function putFile(put: ObjectStore['put'], path: string, expected: Digest | undefined): Promise<StoredObject> {
  await using file = await openSource(path);
  return await put(file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 }), expected);
}

const unreadable = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'this process may not read it'],
  ['ENOTDIR', 'a part of the path is not a folder'],
]);

async function openSource(path: string): Promise<FileHandle> {
  try {
    // A look before opening: opening a named pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw objectErrors['object-source-unreadable']({ path, reason: 'it is not a file' });
    return await open(path, 'r');
  } catch (error) {
    const reason = unreadable.get(systemCode(error) ?? '');
    throw reason === undefined ? error : objectErrors['object-source-unreadable']({ path, reason }, error);
  }
}
