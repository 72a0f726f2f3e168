import { type FileHandle, open } from 'node:fs/promises';

const windowBytes = 64 * 1024;

/** Bytes of a file of any size, read through one small window. */
export interface ByteWindow {
  readonly size: number;
  /** The bytes from `start` up to `end`; fewer at the end of the file. Do not keep the buffer: copy what is needed. */
  read(start: number, end: number): Promise<Buffer>;
}

export async function withByteWindow<Result>(path: string, work: (window: ByteWindow) => Promise<Result>): Promise<Result> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  return await work(createByteWindow(file, size));
}

function createByteWindow(file: FileHandle, size: number): ByteWindow {
  let from = 0;
  let held = Buffer.alloc(0);
  return {
    size,
    async read(start, end) {
      const stop = Math.min(end, size);
      if (start < from || stop > from + held.length) {
        const length = Math.min(Math.max(stop - start, windowBytes), size - start);
        const buffer = Buffer.allocUnsafe(Math.max(length, 0));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        from = start;
        held = buffer.subarray(0, bytesRead);
      }
      return held.subarray(start - from, Math.max(stop - from, start - from));
    },
  };
}
