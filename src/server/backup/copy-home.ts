import { copyFile, lstat, mkdir, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOfFile } from './file-digest.ts';
import type { BackupFile, BackupLink, ReportProgress } from './manifest.ts';

/**
 * What lies in a home besides the database and the blobs and cannot be made again. Not the mark of the instance: a home restored beside
 * the old one would end its processes.
 */
const kept = ['config.yaml', 'tour.json', 'keys', 'checkpoints', 'projects'];
/** Comes back with `npm ci`. */
const notKept = new Set(['node_modules']);

/** Copies keys, checkpoints, settings and projects below `home/`. Of the checkpoints only those of the first `events` events. */
export async function copyHome(
  home: string,
  folder: string,
  { events, report }: { readonly events: number; readonly report: ReportProgress },
): Promise<{ readonly files: BackupFile[]; readonly links: BackupLink[] }> {
  const files: BackupFile[] = [];
  const links: BackupLink[] = [];
  const waiting = [...kept];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const source = join(home, name);
    const path = `home/${name}`;
    if (isLaterCheckpoint(name, events)) continue;
    const state = await lstat(source).catch(() => undefined);
    if (state === undefined) continue;
    if (state.isDirectory())
      waiting.push(...(await readdir(source)).filter((entry) => !notKept.has(entry)).map((entry) => `${name}/${entry}`));
    else if (state.isSymbolicLink()) links.push({ path, target: await readlink(source) });
    else if (state.isFile()) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(source, target);
      // The copy is hashed, so that what is told is what is kept even where somebody edits a project meanwhile.
      files.push({ path, size: (await lstat(target)).size, digest: await digestOfFile(target), mode: state.mode & 0o777 });
      report({ stage: 'files', done: files.length });
    }
  }
  return { files, links };
}

/** One that was signed after the tables were dumped speaks of events that the backup does not have. */
function isLaterCheckpoint(name: string, events: number): boolean {
  const size = /^checkpoints\/(\d+)\.txt$/.exec(name)?.[1];
  return size !== undefined && Number(size) > events;
}
