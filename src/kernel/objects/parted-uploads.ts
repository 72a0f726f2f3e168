import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { hexOf } from './digest.ts';
import { objectErrors, systemCode, withDiskFull } from './errors.ts';
import type { PartedUpload, PartedUploads, UploadPart } from './model.ts';
import { spool } from './spool.ts';
import { uploadFolderForm } from './upload-folder-form.ts';

const noteFile = 'upload.json';

/**
 * One folder an upload beside the spooled files, one file a part, named by number and tag. The folders are all there is to
 * know, so nothing has to agree with anything after a crash.
 */
export function createPartedUploads(directory: string, clock: Clock): PartedUploads {
  const folderOf = (id: string): string => join(directory, `upload-${id}`);

  const find = async (id: string): Promise<PartedUpload | undefined> => {
    if (!uploadFolderForm.test(`upload-${id}`)) return undefined;
    const upload = await readNote(folderOf(id), id);
    return upload === undefined || upload.expiresAt <= clock.now() ? undefined : upload;
  };
  const present = async (id: string): Promise<string> => {
    if ((await find(id)) === undefined) throw objectErrors['upload-gone']({ upload: id.slice(0, 100) });
    return folderOf(id);
  };

  return {
    find,
    async begin({ note, expiresAt }) {
      const id = randomUUID().replaceAll('-', '');
      // A sweep must never see the folder without its note. What a crash leaves here goes with the spooled files.
      const half = join(directory, `begun-${id}`);
      try {
        await mkdir(half, { recursive: true });
        await writeFile(join(half, noteFile), JSON.stringify({ note, expiresAt }));
        await rename(half, folderOf(id));
      } catch (error) {
        await rm(half, { recursive: true, force: true });
        throw withDiskFull(error, directory);
      }
      return { id, note, expiresAt };
    },
    async add(id, part, content) {
      const folder = await present(id);
      const spooled = await spool(folder, content);
      const tag = hexOf(spooled.digest);
      await rename(spooled.path, partPath(folder, { number: part, tag }));
      return { number: part, tag };
    },
    async join(id, parts) {
      const folder = await present(id);
      for (const part of parts) {
        if (!(await isThere(partPath(folder, part)))) throw objectErrors['upload-part-missing']({ upload: id, part: part.number });
      }
      return Readable.from(bytesOf(folder, parts), { objectMode: false, highWaterMark: readBytes });
    },
    drop: (id) => (uploadFolderForm.test(`upload-${id}`) ? rm(folderOf(id), { recursive: true, force: true }) : Promise.resolve()),
    async sweep() {
      let removed = 0;
      for (const name of await readdir(directory)) {
        if (!uploadFolderForm.test(name)) continue;
        const upload = await readNote(join(directory, name), name);
        if (upload !== undefined && upload.expiresAt > clock.now()) continue;
        await rm(join(directory, name), { recursive: true, force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

const readBytes = 512 * 1024;

async function* bytesOf(folder: string, parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* createReadStream(partPath(folder, part), { highWaterMark: readBytes });
}

function partPath(folder: string, { number, tag }: UploadPart): string {
  // Both come from clients: only what `add` could have named is looked for.
  const safe = Number.isSafeInteger(number) && /^[0-9a-f]{64}$/.test(tag);
  return join(folder, safe ? `${number}.${tag}` : 'none');
}

/** Undefined when there is no such upload, or its beginning was cut off. */
async function readNote(folder: string, id: string): Promise<PartedUpload | undefined> {
  try {
    const { note, expiresAt } = JSON.parse(await readFile(join(folder, noteFile), 'utf8')) as Pick<PartedUpload, 'note' | 'expiresAt'>;
    return { id, note, expiresAt };
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
