import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { httpErrors } from '#kernel/http/index.ts';
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

/** The body of a request as text. Throws `http.body-too-large`. */
export async function receiveText(request: Request, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw httpErrors['body-too-large']({ limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
