import { constants, copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RipenError } from '#kernel/errors.ts';
import { type Digest, hexOf, type ObjectStore } from '#kernel/objects/index.ts';
import { openHashedFile } from './file-digest.ts';
import type { BackupFile, Manifest, ReportProgress } from './manifest.ts';

type CopiedBlobs = Pick<Manifest, 'blobs' | 'damagedBlobs'> & { readonly files: readonly BackupFile[] };

export function blobPath(digest: Digest): string {
  const hex = hexOf(digest);
  return `objects/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
}

/**
 * Every blob of the store. Blobs are there before the rows that name them, so those found after the tables were dumped are all that
 * the tables need. Each is hashed; one that is damaged is left out and told.
 */
export async function copyBlobs(objects: ObjectStore, folder: string, report: ReportProgress): Promise<CopiedBlobs> {
  const files: BackupFile[] = [];
  const damagedBlobs: string[] = [];
  for await (const { digest, size } of objects.list()) {
    const path = blobPath(digest);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const copied = objects.name.startsWith('file:')
      ? await linkBlob(objects, digest, join(folder, path))
      : await downloadBlob(objects, digest, join(folder, path));
    if (copied === 'damaged') damagedBlobs.push(digest);
    if (copied === 'copied') files.push({ path, size, digest, mode: 0o444 });
    report({ stage: 'blobs', done: files.length });
  }
  return { files, damagedBlobs, blobs: { count: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) } };
}

type Copied = 'copied' | 'damaged' | 'gone';

async function linkBlob(objects: ObjectStore, digest: Digest, target: string): Promise<Copied> {
  try {
    if (!(await objects.verify(digest))) return 'damaged';
    await linkOrCopy(await objects.path(digest), target);
    return 'copied';
  } catch (error) {
    if (wasDeleted(error)) return 'gone';
    throw error;
  }
}

/** Blobs never change, so the backup may share their bytes with the store where one file system holds both. */
async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK' && code !== 'ENOTSUP') throw error;
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}

async function downloadBlob(objects: ObjectStore, digest: Digest, target: string): Promise<Copied> {
  let stream: ReadableStream<Uint8Array>;
  try {
    stream = await objects.get(digest);
  } catch (error) {
    if (wasDeleted(error)) return 'gone';
    throw error;
  }
  const file = await openHashedFile(target);
  for await (const chunk of stream) await file.write(chunk);
  return (await file.close()).digest === digest ? 'copied' : 'damaged';
}

const wasDeleted = (error: unknown): boolean =>
  (error instanceof RipenError && error.code === 'kernel.object-not-found') ||
  (error instanceof Error && 'code' in error && error.code === 'ENOENT');
