import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect, type ConnectOptions, type Ripen } from './connect.ts';
import type { Content } from './content.ts';
import type { Download } from './download.ts';
import type { ModelVersion } from './operations.ts';
import { RipenRequestError } from './request-error.ts';

/** The server that RIPEN_URL names, with RIPEN_TOKEN and RIPEN_PROJECT; what `options` say counts first. */
export function connectFromEnvironment(options: ConnectOptions = {}): Ripen {
  const { RIPEN_URL: url, RIPEN_TOKEN: token, RIPEN_PROJECT: project } = process.env;
  return connect({ url, token, project, ...options });
}

/** A file as it is sent: streamed, and read again when the connection breaks. */
export function file(path: string): Content {
  return () => createReadStream(path);
}

/** Writes what comes into a file, which is there only when all has come. */
export async function save(download: Download, path: string): Promise<void> {
  await write(download, path, undefined);
}

/** Saves every file of a version below a folder, each checked against its digest. @throws `client.damaged` */
export async function saveModel(ripen: Ripen, version: ModelVersion, folder: string): Promise<void> {
  for (const { name, digest } of version.files) {
    if (name.split('/').includes('..')) throw new TypeError(`"${name}" leads out of the folder`);
    await write(await ripen.models.file(version, name), join(folder, name), digest);
  }
}

async function write({ stream, size }: Download, path: string, digest: string | undefined): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  const hash = createHash('sha256');
  let length = 0;
  try {
    await pipeline(
      Readable.from(stream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          length += chunk.byteLength;
          yield chunk;
        }
      },
      createWriteStream(unfinished),
    );
    if (size !== undefined && length !== size) throw damaged(path, `${length} bytes`, `${size} bytes`);
    const found = `sha256:${hash.digest('hex')}`;
    if (digest !== undefined && digest !== found) throw damaged(path, found, digest);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function damaged(path: string, found: string, expected: string): RipenRequestError {
  const message = `What came for ${path} is ${found}, and not ${expected}.`;
  return new RipenRequestError({ code: 'client.damaged', message, status: 0, hint: 'Get it again.' });
}
