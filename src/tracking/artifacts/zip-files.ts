import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import type { Artifact } from '../model.ts';
import { centralHeader, dataDescriptor, endOfZip, localHeader, type WrittenEntry, zipEntry } from './zip-records.ts';

export type ZippedFile = Pick<Artifact, 'name' | 'size' | 'storedAt'>;

/** A ZIP file of files of any number and size, written while it is read; nothing but the list of names is held in memory. */
export async function* zipFiles<File extends ZippedFile>(
  files: Iterable<File>,
  open: (file: File) => Promise<Readable>,
): AsyncGenerator<Buffer> {
  const written: WrittenEntry[] = [];
  let at = 0;
  for (const file of files) {
    const entry = zipEntry(file);
    const offset = at;
    const header = localHeader(entry);
    yield header;
    const sums = { crc: 0, size: 0 };
    let compressed = 0;
    const chunks = file.size <= atOnce ? deflatedAtOnce : deflated;
    for await (const chunk of chunks(await open(file), sums)) {
      compressed += chunk.length;
      yield chunk;
    }
    const done = { ...entry, ...sums, compressed, offset };
    const descriptor = dataDescriptor(done);
    yield descriptor;
    at += header.length + compressed + descriptor.length;
    written.push(done);
  }
  let length = 0;
  for (const entry of written) {
    const header = centralHeader(entry);
    length += header.length;
    yield header;
  }
  yield endOfZip({ entries: written.length, start: at, length });
}

interface Sums {
  crc: number;
  size: number;
}

/** A stream that deflates costs more than a small file does. */
const atOnce = 64 * 1024;

async function* deflatedAtOnce(source: Readable, sums: Sums): AsyncGenerator<Buffer> {
  const content = await buffer(source);
  sums.crc = crc32(content);
  sums.size = content.length;
  yield content.length === 0 ? nothingDeflated : deflateRawSync(content, { level: constants.Z_BEST_SPEED });
}

const nothingDeflated = deflateRawSync('');

async function* deflated(source: Readable, sums: Sums): AsyncGenerator<Buffer> {
  async function* counted(): AsyncGenerator<Buffer> {
    // A blob gives bytes, which the type of its stream does not say.
    for await (const chunk of source as AsyncIterable<Buffer>) {
      sums.crc = crc32(chunk, sums.crc);
      sums.size += chunk.length;
      yield chunk;
    }
  }
  const deflate = createDeflateRaw({ level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 });
  const fed = pipeline(Readable.from(counted()), deflate);
  // Whoever reads `deflate` sees the same error; this promise is looked at below.
  fed.catch(() => {});
  yield* deflate as AsyncIterable<Buffer>;
  await fed;
}
