import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

/** A file that is written piece by piece, hashed on the way, and on the disk when it is closed. */
export async function openHashedFile(path: string) {
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  let size = 0;
  return {
    async write(content: string | Uint8Array): Promise<void> {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      hash.update(bytes);
      size += bytes.length;
      await file.appendFile(bytes);
    },
    async close(): Promise<{ digest: string; size: number }> {
      await file.datasync();
      await file.close();
      return { digest: `sha256:${hash.digest('hex')}`, size };
    },
  };
}
