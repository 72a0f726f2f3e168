import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { objectErrors } from '#kernel/objects/index.ts';

/** Writes the body of a request to a file as it comes in. Throws `kernel.disk-full`. */
export async function receiveFile(request: Request, path: string): Promise<void> {
  const body = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body);
  try {
    await pipeline(body, createWriteStream(path, { flags: 'wx' }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
      throw objectErrors['disk-full']({ path }, error);
    throw error;
  }
}
