import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Digest, parseDigest } from '#kernel/objects/index.ts';
import { pipelineErrors } from '../errors.ts';
import type { ManifestEntry } from './manifest.ts';

const mostRemembered = 50_000;

/** Hashes files of a project; a file whose size, inode and times have not changed is not read again. */
export interface FileHasher {
  /** @throws `pipelines.code-outside` for a link that leaves the project */
  entry(root: string, path: string): Promise<ManifestEntry>;
}

export function createFileHasher(): FileHasher {
  const known = new Map<string, { readonly stamp: string; readonly digest: Digest }>();
  return {
    async entry(root, path) {
      const full = join(root, path);
      const real = await realpath(full);
      const realRoot = await realpath(root);
      if (!real.startsWith(realRoot + sep)) throw pipelineErrors['code-outside']({ path });
      const found = await stat(real, { bigint: true });
      const stamp = `${found.size} ${found.ino} ${found.mtimeNs} ${found.ctimeNs}`;
      const remembered = known.get(real);
      const digest = remembered?.stamp === stamp ? remembered.digest : await hashFile(real);
      if (known.size >= mostRemembered) known.clear();
      // A file written in the moment it is hashed could change again within one tick of its time stamp.
      if (Date.now() - Number(found.mtimeMs) > 2000) known.set(real, { stamp, digest });
      const executable = (found.mode & 0o100n) === 0n ? {} : { executable: true as const };
      return { digest, size: Number(found.size), ...executable };
    },
  };
}

async function hashFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return parseDigest(`sha256:${hash.digest('hex')}`);
}
