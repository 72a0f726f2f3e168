import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { digestFromHex, type Digest } from './digest.ts';
import { objectErrors, systemCode, withDiskFull } from './errors.ts';
import type { ObjectContent, SpooledFile } from './model.ts';
import { uploadFolderForm } from './upload-folder-form.ts';
import { writeHashedStream } from './write-hashed-stream.ts';

const staleAfterMs = 60 * 60 * 1000;
const writeBytes = 64 * 1024;

/** Small chunks become writes of a useful size; each chunk is copied or written before the next one is asked for. */
async function* inWrites(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Buffer[] = [];
  let length = 0;
  for await (const chunk of content) {
    if (length + chunk.length < writeBytes) {
      pending.push(Buffer.from(chunk));
      length += chunk.length;
      continue;
    }
    if (length > 0) yield Buffer.concat(pending, length);
    yield chunk;
    pending = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pending, length);
}

async function* single(content: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}

function chunksOf(content: ObjectContent): AsyncIterable<Uint8Array> {
  return typeof content === 'string' || content instanceof Uint8Array ? single(content) : inWrites(content);
}

/**
 * Writes content to a temporary file in `directory`, read-only and synced to the disk, and hashes it on the way. After any
 * error the file is gone.
 */
export async function spool(directory: string, content: ObjectContent, expected?: Digest): Promise<SpooledFile> {
  const path = join(directory, `${randomUUID()}.part`);
  try {
    const written = await writeHashed(path, content);
    if (expected !== undefined && expected !== written.digest) {
      throw objectErrors['digest-mismatch']({ expected, actual: written.digest });
    }
    return { path, ...written };
  } catch (error) {
    await rm(path, { force: true });
    throw withDiskFull(error, path);
  }
}

async function writeHashed(path: string, content: ObjectContent): Promise<{ digest: Digest; size: number }> {
  if (content instanceof Readable) return writeHashedStream(path, content);
  const hash = createHash('sha256');
  let size = 0;
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(content)) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  // The mode holds for later openings only, so this handle can still write.
  await using file = await open(path, 'wx', 0o444);
  await file.writeFile(hashed());
  await file.sync();
  return { digest: digestFromHex(hash.digest('hex')), size };
}

/** Creates the folder for temporary files and removes those that a process left behind more than an hour ago. */
export async function prepareSpool(directory: string, clock: Clock): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    // An upload in parts says itself when it is stale.
    if (uploadFolderForm.test(name)) continue;
    const path = join(directory, name);
    try {
      if (clock.now() - (await stat(path)).mtimeMs > staleAfterMs) await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Another process that opens the same store has removed it first.
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }
}
