import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { RipenError } from '../errors.ts';
import { digestFromHex, type Digest, hexOf } from './digest.ts';
import { objectErrors } from './errors.ts';
import { spool } from './spool.ts';

export interface BlobCache {
  /** A checked local copy, downloaded when it is not there; callers of one digest at one time share one download. */
  path(digest: Digest): Promise<string>;
  remove(digest: Digest): Promise<void>;
  /** Waits for the downloads under way. */
  close(): Promise<void>;
}

interface CachePlace {
  readonly directory: string;
  readonly spoolDirectory: string;
  readonly bytes?: number | undefined;
  readonly holdMs?: number | undefined;
}

interface CacheSource {
  readonly store: string;
  readonly clock: Clock;
  readonly download: (digest: Digest) => Promise<AsyncIterable<Uint8Array>>;
}

interface Copy {
  readonly size: number;
  readonly usedAt: number;
}

/** Local copies of remote blobs. The least recently used go first, but none within `holdMs` after it was handed out. */
export async function openBlobCache(place: CachePlace, source: CacheSource): Promise<BlobCache> {
  const { directory, bytes = 10 * 1024 ** 3, holdMs = 60_000 } = place;
  // The order of a Map is that of insertion: the first copy is the least recently used.
  const copies = await readCopies(directory);
  const downloads = new Map<Digest, Promise<string>>();
  const pathOf = (digest: Digest): string => join(directory, hexOf(digest));

  const touch = (digest: Digest, size: number): void => {
    copies.delete(digest);
    copies.set(digest, { size, usedAt: source.clock.now() });
  };

  const evict = async (): Promise<void> => {
    let total = copies.values().reduce((sum, copy) => sum + copy.size, 0);
    for (const [digest, copy] of copies) {
      if (total <= bytes || source.clock.now() - copy.usedAt < holdMs) return;
      copies.delete(digest);
      total -= copy.size;
      await rm(pathOf(digest), { force: true });
    }
  };

  const download = async (digest: Digest): Promise<string> => {
    try {
      const file = await spool(place.spoolDirectory, await source.download(digest), digest);
      await rename(file.path, pathOf(digest));
      touch(digest, file.size);
    } catch (error) {
      throw corrupt(error, digest, source.store);
    }
    await evict();
    return pathOf(digest);
  };

  return {
    path: async (digest) => {
      const copy = copies.get(digest);
      if (copy !== undefined && (await isThere(pathOf(digest), copy.size))) {
        touch(digest, copy.size);
        return pathOf(digest);
      }
      const running = downloads.get(digest) ?? download(digest).finally(() => downloads.delete(digest));
      downloads.set(digest, running);
      return running;
    },
    remove: async (digest) => {
      copies.delete(digest);
      await rm(pathOf(digest), { force: true });
    },
    close: async () => {
      await Promise.allSettled(downloads.values());
    },
  };
}

async function readCopies(directory: string): Promise<Map<Digest, Copy>> {
  await mkdir(directory, { recursive: true });
  const found: (readonly [Digest, Copy])[] = [];
  for (const name of await readdir(directory)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const { size, mtimeMs } = await stat(join(directory, name));
    found.push([digestFromHex(name), { size, usedAt: mtimeMs }]);
  }
  return new Map(found.toSorted((a, b) => a[1].usedAt - b[1].usedAt));
}

/** A person may have emptied the cache folder. */
async function isThere(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === size;
}

function corrupt(error: unknown, digest: Digest, store: string): unknown {
  if (!(error instanceof RipenError) || error.code !== 'kernel.digest-mismatch') return error;
  return objectErrors['object-corrupt']({ digest, store, actual: String(error.details?.['actual']) }, error);
}
