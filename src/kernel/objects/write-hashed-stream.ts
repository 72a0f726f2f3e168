import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Digest, digestFromHex } from './digest.ts';

const batchBytes = 2 * 1024 * 1024;
const syncBytes = 32 * 1024 * 1024;

/**
 * A new, read-only file with all that the stream gives, synced to the disk. While one batch of chunks is written the next one
 * is received and hashed; two batches are the most that is held. What lies in the system's cache is sent to the disk on the way, so
 * that little is left to wait for at the end.
 */
export async function writeHashedStream(path: string, stream: Readable): Promise<{ digest: Digest; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  let batch: Uint8Array[] = [];
  let batched = 0;
  // The mode holds for later openings only, so this handle can still write.
  await using file = await open(path, 'wx', 0o444);
  let writing: Promise<void> = Promise.resolve();
  let syncing: Promise<void> | undefined;
  let unsynced = 0;
  try {
    // The type of node's streams does not say what they give; one without an encoding gives bytes.
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      size += chunk.length;
      batch.push(chunk);
      batched += chunk.length;
      if (batched < batchBytes) continue;
      await writing;
      writing = writeAll(file, batch);
      // Awaited before the next write; until then a failure is nobody's unhandled rejection.
      writing.catch(() => {});
      unsynced += batched;
      batch = [];
      batched = 0;
      if (unsynced < syncBytes || syncing !== undefined) continue;
      unsynced = 0;
      // Only a head start: the sync at the end counts, and says what is wrong.
      syncing = file.datasync().then(
        () => (syncing = undefined),
        () => {},
      );
    }
  } finally {
    await Promise.all([writing, syncing]);
  }
  await writeAll(file, batch);
  await file.sync();
  return { digest: digestFromHex(hash.digest('hex')), size };
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length === 0) return;
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten === length) return;
  // The system may take less than all; the next write says why.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) at += (await file.write(rest, at)).bytesWritten;
}
