import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type Digest, parseDigest } from '#kernel/objects/index.ts';
import { dataErrors } from './errors.ts';

/** The digest that the object store would give the file. Throws `data.file-not-found`. */
export async function digestFile(path: string, name: string): Promise<Digest> {
  try {
    await using file = await open(path, 'r');
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
    return parseDigest(`sha256:${hash.digest('hex')}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(String(error.code))) {
      throw dataErrors['file-not-found']({ file: name }, error);
    }
    throw error;
  }
}
