import { Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { monitoringErrors } from '../errors.ts';

const mostBytes = 512 * 1024 * 1024;
const longestLine = 32 * 1024 * 1024;
const zstdMagic = 0xfd2fb528;

/** The lines of a segment as they come, several at once, with a last one that has no end. Knows zstd and gzip by their first bytes. */
export async function* segmentLines(segment: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let rest: Buffer[] = [];
  let length = 0;
  let total = 0;
  const take = (): string => {
    const line = Buffer.concat(rest, length).toString('utf8');
    rest = [];
    length = 0;
    return line;
  };
  for await (const chunk of await decompressed(segment, body)) {
    total += chunk.length;
    if (total > mostBytes) throw monitoringErrors['segment-too-large']({ segment, most: mostBytes });
    let at = 0;
    const lines: string[] = [];
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
      rest.push(chunk.subarray(at, end));
      length += end - at;
      lines.push(take());
      at = end + 1;
    }
    yield lines;
    rest.push(chunk.subarray(at));
    length += chunk.length - at;
    if (length > longestLine) throw monitoringErrors['segment-too-large']({ segment, most: longestLine });
  }
  if (length > 0) yield [take()];
}

async function decompressed(segment: string, body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Buffer>> {
  const source = body[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return Readable.from([]);
  const head = Buffer.from(first.value);
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield Buffer.from(next.value);
  }
  const decoder = decoderFor(head);
  if (decoder === undefined) return all();
  const input = Readable.from(all());
  // What the sender cut off is read up to the cut.
  input.on('error', (error) => decoder.destroy(error));
  return readable(segment, input.pipe(decoder));
}

function decoderFor(head: Buffer): Transform | undefined {
  if (head.length >= 4 && head.readUInt32LE(0) === zstdMagic) return createZstdDecompress();
  return head.length >= 2 && head.readUInt16BE(0) === 0x1f8b ? createGunzip() : undefined;
}

async function* readable(segment: string, stream: Transform): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    throw monitoringErrors['segment-unreadable']({ segment, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}
