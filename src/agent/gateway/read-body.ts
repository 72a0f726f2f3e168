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
  const { 'content-length': length, 'content-encoding': encoding } = request.headers;
  if (Number(length ?? 0) > limit) throw tooLarge(limit);
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

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      // What still comes is read and forgotten until the answer has closed the connection.
      chunks.length = 0;
      reject(tooLarge(limit));
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('aborted', () => reject(new ProtocolError(400, 'The request ended before its body was complete.')));
  });
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError(413, `The body has more than ${limit} bytes. Send fewer rows at a time.`, { connection: 'close' });
}
