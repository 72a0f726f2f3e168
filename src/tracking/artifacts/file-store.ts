import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { Artifact } from '../model.ts';
import type { ArtifactRow } from '../store.ts';
import type { Shelf } from './shelf.ts';

type FileRow = Omit<ArtifactRow, 'run'>;
/** Both tables of files, as far as they are the same; a row has the key columns of its own table. */
interface FileTables {
  project_files: FileRow & { run?: number; project?: string; holder?: string };
}

/** The table of a shelf under one name: the columns that are looked at are those that both tables have. */
function tableOf(shelf: Shelf): 'project_files' {
  return shelf.table as 'project_files';
}

export async function setFile(tx: Queryable, shelf: Shelf, file: FileRow): Promise<void> {
  const { name: _name, ...content } = file;
  await tx
    .query<FileTables>()
    .insertInto(tableOf(shelf))
    .values({ ...shelf.key, ...file })
    .onConflict((conflict) =>
      conflict.columns(shelf.table === 'run_artifacts' ? ['run', 'name'] : ['project', 'holder', 'name']).doUpdateSet(content),
    )
    .execute();
}

function filesOn(from: Queryable, shelf: Shelf) {
  return from
    .query<FileTables>()
    .selectFrom(tableOf(shelf))
    .where((where) => where.and({ ...shelf.key }));
}

export async function findFile(from: Queryable, shelf: Shelf, name: string): Promise<Artifact | undefined> {
  const row = await filesOn(from, shelf)
    .select(['name', 'digest', 'size', 'media_type', 'stored_at'])
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : artifactOf(row);
}

/** A file where the name needs a folder, or a file in what would have to be a folder and is to be a file: no disk can hold both. */
export async function findObstacle(from: Queryable, shelf: Shelf, name: string): Promise<string | undefined> {
  const parts = name.split('/');
  const folders = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const row = await filesOn(from, shelf)
    .select('name')
    .where((where) =>
      where.or([
        where.and([where('name', '>=', `${name}/`), where('name', '<', `${name}0`)]),
        ...(folders.length === 0 ? [] : [where('name', 'in', folders)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row?.name;
}

/** Removes one file, or a folder with all below it; '' is the top folder. Says how many went. */
export async function deleteFiles(tx: Queryable, shelf: Shelf, name: string): Promise<number> {
  let remove = tx
    .query<FileTables>()
    .deleteFrom(tableOf(shelf))
    .where((where) => where.and({ ...shelf.key }));
  if (name !== '') {
    remove = remove.where((where) =>
      where.or([where('name', '=', name), where.and([where('name', '>=', `${name}/`), where('name', '<', `${name}0`)])]),
    );
  }
  return Number((await remove.executeTakeFirst()).numDeletedRows);
}

export interface FolderEntry {
  /** Name within the folder. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Bytes; of a folder all below it. */
  readonly size: number;
  /** How many files; 1 for a file. */
  readonly files: number;
  readonly digest?: Digest | undefined;
  readonly mediaType?: string | undefined;
  readonly storedAt: number;
}

export interface FolderPage {
  /** '' is the top. */
  readonly folder: string;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What lies directly in a folder, in the order of names; a folder's name ends in `/` in that order. */
export async function listFolder(from: Queryable, shelf: Shelf, page: FolderPage): Promise<FolderEntry[]> {
  const prefix = page.folder === '' ? '' : `${page.folder}/`;
  const rest = sql<string>`substr(name, cast(${Array.from(prefix).length + 1} as integer))`;
  const slash = from.dialect === 'sqlite' ? sql<number>`instr(${rest}, '/')` : sql<number>`strpos(${rest}, '/')`;
  const entry = sql<string>`case when ${slash} > 0 then substr(${rest}, 1, ${slash}) else ${rest} end`;
  let below = filesOn(from, shelf).select(['digest', 'size', 'media_type', 'stored_at', entry.as('entry')]);
  // "0" follows "/" in the order of bytes, so this range is the folder.
  if (prefix !== '') below = below.where('name', '>=', prefix).where('name', '<', `${page.folder}0`);
  let select = from
    .query<FileTables>()
    .selectFrom(below.as('below'))
    .select([
      'entry',
      sql<number>`cast(sum(size) as bigint)`.as('size'),
      sql<number>`count(*)`.as('files'),
      sql<string>`min(digest)`.as('digest'),
      sql<string>`min(media_type)`.as('media_type'),
      sql<number>`max(stored_at)`.as('stored_at'),
    ]);
  if (page.after !== undefined) select = select.where('entry', '>', page.after);
  const rows = await select.groupBy('entry').orderBy('entry').limit(page.limit).execute();
  return rows.map((row) => {
    const common = { size: row.size, files: row.files, storedAt: row.stored_at };
    if (row.entry.endsWith('/')) return { ...common, name: row.entry.slice(0, -1), kind: 'folder' };
    // Digests in the table were made by the object store.
    return { ...common, name: row.entry, kind: 'file', digest: row.digest as Digest, mediaType: row.media_type };
  });
}

/** Every file of the shelf, or of one folder of it, in the order of names. */
export async function listFiles(from: Queryable, shelf: Shelf, folder = ''): Promise<Artifact[]> {
  let select = filesOn(from, shelf).select(['name', 'digest', 'size', 'media_type', 'stored_at']);
  if (folder !== '') select = select.where('name', '>=', `${folder}/`).where('name', '<', `${folder}0`);
  return (await select.orderBy('name').execute()).map(artifactOf);
}

function artifactOf(row: FileRow): Artifact {
  return { name: row.name, digest: row.digest as Digest, size: row.size, mediaType: row.media_type, storedAt: row.stored_at };
}
