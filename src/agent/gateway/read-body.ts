import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { ProtocolError } from './protocol-error.ts';

const unpackers: Readonly<Record<string, (input: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
};

/** The whole body, unpacked. @throws ProtocolError 413, 415 or 400 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { 'content-encoding': encoding } = request.headers;
  const body = await collect(request, limit);
  if (encoding === undefined || encoding === 'identity') return body;
  const unpack = unpackers[encoding];
  if (unpack === undefined) throw new ProtocolError(415, `Bodies packed with "${encoding}" cannot be read; gzip and deflate can.`);
  try {
    return await unpack(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit);
    throw new ProtocolError(400, `The body is not ${encoding} data.`);
  }
}

/** Read beyond the limit and thrown away, so that the sender gets to see the answer instead of a broken connection. */
const drainedBytes = 64 * 1024 * 1024;
const drainedMs = 5000;

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let late: NodeJS.Timeout | undefined;
    const refuse = (): void => reject(tooLarge(limit));
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      late ??= setTimeout(refuse, drainedMs);
      if (size > limit + drainedBytes) refuse();
    });
    request.once('end', () => {
      if (size > limit) refuse();
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => {
      clearTimeout(late);
      // Does nothing after the end.
      reject(new ProtocolError(400, 'The request ended before its body was complete.'));
    });
  });
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError(413, `The body has more than ${limit} bytes. Send fewer rows at a time.`, { connection: 'close' });
}
