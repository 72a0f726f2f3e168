import type { Artifact } from '../model.ts';
import type { FolderEntry, FolderPage } from './file-store.ts';

/** The files of a project at and below a path, by names relative to the shared folder; none where nothing is. */
export type SharedFiles = (project: string, path: string) => Promise<readonly Artifact[]>;

/** Folders at the top of the artifact proxy whose files another module keeps; they can be read only. */
export interface SharedFolders {
  share(folder: string, files: SharedFiles): void;
  find(folder: string): SharedFiles | undefined;
}

export function createSharedFolders(): SharedFolders {
  const folders = new Map<string, SharedFiles>();
  return {
    share: (folder, files) => void folders.set(folder, files),
    find: (folder) => folders.get(folder),
  };
}

/** What lies directly in a folder, as `listFolder` gives it from a table. */
export function folderOf(files: readonly Artifact[], page: FolderPage): FolderEntry[] {
  const prefix = page.folder === '' ? '' : `${page.folder}/`;
  const entries = new Map<string, FolderEntry>();
  for (const { name: full, size, digest, mediaType, storedAt } of files) {
    if (!full.startsWith(prefix)) continue;
    const [name = '', ...deeper] = full.slice(prefix.length).split('/');
    const known = entries.get(name);
    const total = (known?.size ?? 0) + size;
    if (deeper.length === 0) entries.set(name, { name, kind: 'file', size, files: 1, digest, mediaType, storedAt });
    else entries.set(name, { name, kind: 'folder', size: total, files: (known?.files ?? 0) + 1, storedAt });
  }
  const keyOf = ({ name, kind }: FolderEntry) => (kind === 'folder' ? `${name}/` : name);
  const { after } = page;
  return [...entries.values()]
    .filter((entry) => after === undefined || keyOf(entry) > after)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .slice(0, page.limit);
}
