import { type FileHandle, open } from 'node:fs/promises';
import { systemCode } from '../code/system-code.ts';

const chunkBytes = 256 * 1024;
const mostLineBytes = 1024 * 1024;

/** Reads the lines that are appended to a file, also before the file is there. */
export interface FileFollower {
  /** The complete lines since the last call; at the end also a last line without its newline. Never more than `mostBytes` in all. */
  lines(end?: 'end'): Promise<string[]>;
  /** More was written than is read. */
  readonly full: boolean;
  close(): Promise<void>;
}

export function followFile(path: string, mostBytes: number): FileFollower {
  let file: FileHandle | undefined;
  let position = 0;
  let rest = Buffer.alloc(0);
  let full = false;

  async function readMore(): Promise<Buffer[]> {
    file ??= await open(path, 'r').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    const chunks: Buffer[] = [];
    if (file === undefined) return [];
    while (!full) {
      const { size } = await file.stat();
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, size - position))),
        0,
        undefined,
        position,
      );
      if (bytesRead === 0) break;
      position += bytesRead;
      chunks.push(buffer.subarray(0, bytesRead));
      if (position > mostBytes) full = true;
    }
    return chunks;
  }

  return {
    get full() {
      return full;
    },
    async lines(end) {
      const lines: string[] = [];
      for (const chunk of await readMore()) {
        const all = Buffer.concat([rest, chunk]);
        let start = 0;
        for (let at = all.indexOf(10); at >= 0; at = all.indexOf(10, start)) {
          lines.push(all.toString('utf8', start, at));
          start = at + 1;
        }
        rest = all.subarray(start);
        // A line without end would grow for ever.
        if (rest.length > mostLineBytes) {
          lines.push(rest.toString('utf8', 0, 1000));
          rest = Buffer.alloc(0);
        }
      }
      if (end !== undefined && rest.length > 0) {
        lines.push(rest.toString('utf8'));
        rest = Buffer.alloc(0);
      }
      return lines;
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}
