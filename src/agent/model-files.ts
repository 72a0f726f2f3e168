import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from './control-plane.ts';

/** Model files in the account's own directory, each checked against its digest when it came and when this agent first uses it. */
export interface ModelFiles {
  path(digest: string): Promise<string>;
  /** Removes every file that is not among these. */
  keepOnly(digests: ReadonlySet<string>): Promise<void>;
}

const form = /^sha256:([0-9a-f]{64})$/;

export function openModelFiles(directory: string, controlPlane: Pick<ControlPlane, 'object'>): ModelFiles {
  const known = new Map<string, Promise<string>>();
  const fetchOrFind = async (digest: string): Promise<string> => {
    const hex = form.exec(digest)?.[1];
    if (hex === undefined) throw new Error(`"${digest.slice(0, 100)}" is not a digest`);
    await mkdir(directory, { recursive: true });
    const path = join(directory, `${hex}.onnx`);
    if (await isWhole(path, hex)) return path;
    await download({ path, hex }, await controlPlane.object(digest));
    return path;
  };
  return {
    path(digest) {
      const found = known.get(digest) ?? fetchOrFind(digest);
      known.set(digest, found);
      // The next start of the replica tries again.
      found.catch(() => known.delete(digest));
      return found;
    },
    async keepOnly(digests) {
      for (const digest of known.keys()) if (!digests.has(digest)) known.delete(digest);
      const names = new Set([...digests].map((digest) => `${form.exec(digest)?.[1] ?? ''}.onnx`));
      for (const name of await readdir(directory).catch(() => [])) {
        if (name.endsWith('.onnx') && !names.has(name)) await rm(join(directory, name), { force: true });
      }
    },
  };
}

async function isWhole(path: string, hex: string): Promise<boolean> {
  if ((await stat(path).catch(() => undefined)) === undefined) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === hex;
}

async function download({ path, hex }: { path: string; hex: string }, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  const hash = createHash('sha256');
  try {
    await using file = await open(temporary, 'wx', 0o600);
    for await (const chunk of bytes) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    const actual = hash.digest('hex');
    if (actual !== hex) throw new Error(`the model file came as sha256:${actual}, wanted was sha256:${hex}`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
