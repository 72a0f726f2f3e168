import { RipenError } from '#kernel/errors.ts';
import type { FolderEntry } from '../artifacts/file-store.ts';
import { checkArtifactPath } from '../artifacts/artifact-path.ts';
import { blobReply } from '../artifacts/blob-reply.ts';
import type { ArtifactPlace } from '../artifacts/holder.ts';
import type { TrackingCommands } from '../commands.ts';
import { mlflowMediaType } from './media-type.ts';
import { type MlflowCall, MlflowError, rawReply } from './protocol/index.ts';

const badPaths = new Set(['tracking.artifact-path-invalid', 'tracking.name-invalid']);

/** Does what checks a path; a path that is refused is told in the words that clients know. */
export async function safePath<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RipenError && badPaths.has(error.code)) {
      // `artifact-path-invalid` begins with these words.
      const message = error.message.startsWith('Invalid path') ? error.message : `Invalid path. ${error.message}`;
      throw new MlflowError('INVALID_PARAMETER_VALUE', message, { cause: error });
    }
    throw error;
  }
}

/** A folder within a holder; '' is its top. */
export function pathInFolder(path: string): string {
  try {
    return checkArtifactPath(path);
  } catch (cause) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path', { cause });
  }
}

/** Undefined when the holder is not there: clients list and delete in places where nothing was ever kept. */
export async function foundPlace<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await safePath(work);
  } catch (error) {
    if (error instanceof RipenError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Entries of a folder as clients read them; the path is the name within the folder, or with `folder` the whole one. */
export function listEntries(items: readonly FolderEntry[], folder: string) {
  const prefix = folder === '' ? '' : `${folder}/`;
  return items.map(({ name, kind, size }) =>
    kind === 'folder' ? { path: prefix + name, is_dir: true } : { path: prefix + name, is_dir: false, file_size: size },
  );
}

/** The bytes of a file as an attachment, whole or a range. */
export async function replyWithFile(tracking: TrackingCommands, { http }: Pick<MlflowCall, 'http'>, place: ArtifactPlace) {
  const file = await tracking.file(place);
  const blob = { ...file, mediaType: mlflowMediaType(file.name), download: true };
  return rawReply(await blobReply(http, blob, (range) => tracking.openFile(file, range)));
}
