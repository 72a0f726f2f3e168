import { createWriteStream, openSync } from 'node:fs';
import { processErrors, reasonOf } from './errors.ts';

export interface BoundedLog {
  /** Never waits and never throws. */
  write(chunk: Buffer): void;
  /** Writes the tail and closes the file. */
  close(): Promise<{ readonly droppedBytes: number; readonly error: Error | undefined }>;
}

/**
 * A file that keeps the first and the last half of `maxBytes`. The head goes to the disk as it comes; the tail is a ring in
 * memory, made when the head is full and written at the end. Throws `kernel.process-log-unwritable`.
 */
export function openBoundedLog(path: string, maxBytes: number): BoundedLog {
  const headBytes = Math.floor(maxBytes / 2);
  const file = createWriteStream(path, { fd: openLog(path) });
  let error: Error | undefined;
  const closed = new Promise<void>((done) => file.once('close', done));
  file.once('error', (cause) => {
    error = processErrors['process-log-unwritable']({ path, reason: reasonOf(cause) }, cause);
  });
  const write = (chunk: Buffer): void => {
    if (error === undefined && chunk.length > 0) file.write(chunk);
  };
  let head = 0;
  let endsInNewline = true;
  let tail: Ring | undefined;

  return {
    write: (chunk) => {
      const part = chunk.subarray(0, headBytes - head);
      if (part.length > 0) {
        head += part.length;
        endsInNewline = part.at(-1) === 0x0a;
        write(part);
      }
      if (part.length === chunk.length) return;
      tail ??= createRing(maxBytes - headBytes);
      tail.push(chunk.subarray(part.length));
    },
    close: async () => {
      const droppedBytes = tail === undefined ? 0 : writeTail(tail, endsInNewline, write);
      file.end();
      await closed;
      return { droppedBytes, error };
    },
  };
}

function openLog(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw processErrors['process-log-unwritable']({ path, reason: reasonOf(error) }, error);
  }
}

/** Returns how many bytes are missing between the head and the tail. */
function writeTail(tail: Ring, afterNewline: boolean, write: (chunk: Buffer) => void): number {
  const content = tail.content();
  if (tail.lost() === 0) {
    write(content);
    return 0;
  }
  // The tail begins in the middle of a line; leave that piece out, unless the "line" is most of the tail.
  const lineEnd = content.subarray(0, Math.floor(content.length / 4)).indexOf(0x0a);
  const kept = content.subarray(lineEnd + 1);
  const dropped = tail.lost() + lineEnd + 1;
  write(Buffer.from(`${afterNewline ? '' : '\n'}[ripen] ${dropped} bytes of output were dropped here\n`));
  write(kept);
  return dropped;
}

interface Ring {
  push(chunk: Buffer): void;
  lost(): number;
  content(): Buffer;
}

/** The last `size` bytes of what is pushed. */
function createRing(size: number): Ring {
  const bytes = Buffer.allocUnsafe(size);
  let total = 0;
  return {
    push: (chunk) => {
      const last = chunk.subarray(Math.max(0, chunk.length - size));
      const at = (total + chunk.length - last.length) % size;
      const first = last.copy(bytes, at);
      last.copy(bytes, 0, first);
      total += chunk.length;
    },
    lost: () => Math.max(0, total - size),
    content: () => {
      const at = total % size;
      return total <= size ? bytes.subarray(0, total) : Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)]);
    },
  };
}
