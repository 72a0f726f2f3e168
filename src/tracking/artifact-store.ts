import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { Artifact } from './model.ts';
import type { ArtifactRow, TrackingTables } from './store.ts';

export async function setArtifact(tx: Queryable, row: ArtifactRow): Promise<void> {
  const { run: _run, name: _name, ...content } = row;
  await tx
    .query<TrackingTables>()
    .insertInto('run_artifacts')
    .values(row)
    .onConflict((conflict) => conflict.columns(['run', 'name']).doUpdateSet(content))
    .execute();
}

export async function findArtifact(from: Queryable, run: number, name: string): Promise<Artifact | undefined> {
  const row = await from
    .query<TrackingTables>()
    .selectFrom('run_artifacts')
    .selectAll()
    .where('run', '=', run)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : artifactOf(row);
}

/** Removes one artifact, or a folder with all below it; says how many went. */
export async function deleteArtifacts(tx: Queryable, run: number, name: string): Promise<number> {
  const result = await tx
    .query<TrackingTables>()
    .deleteFrom('run_artifacts')
    .where('run', '=', run)
    .where((where) => where.or([where('name', '=', name), where.and([where('name', '>=', `${name}/`), where('name', '<', `${name}0`)])]))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
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

/** What lies directly in `folder` ('' is the top), in the order of names; a folder's name ends in `/` in that order. */
export async function listFolder(
  from: Queryable,
  run: number,
  page: { folder: string; after?: string | undefined; limit: number },
): Promise<FolderEntry[]> {
  const prefix = page.folder === '' ? '' : `${page.folder}/`;
  const rest = sql<string>`substr(name, cast(${Array.from(prefix).length + 1} as integer))`;
  const slash = from.dialect === 'sqlite' ? sql<number>`instr(${rest}, '/')` : sql<number>`strpos(${rest}, '/')`;
  const entry = sql<string>`case when ${slash} > 0 then substr(${rest}, 1, ${slash}) else ${rest} end`;
  let below = from
    .query<TrackingTables>()
    .selectFrom('run_artifacts')
    .select(['digest', 'size', 'media_type', 'stored_at', entry.as('entry')])
    .where('run', '=', run);
  // "0" follows "/" in the order of bytes, so this range is the folder.
  if (prefix !== '') below = below.where('name', '>=', prefix).where('name', '<', `${page.folder}0`);
  let select = from
    .query<TrackingTables>()
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

export async function listArtifacts(from: Queryable, run: number): Promise<Artifact[]> {
  const rows = await from.query<TrackingTables>().selectFrom('run_artifacts').selectAll().where('run', '=', run).orderBy('name').execute();
  return rows.map(artifactOf);
}

function artifactOf(row: ArtifactRow): Artifact {
  return { name: row.name, digest: row.digest as Digest, size: row.size, mediaType: row.media_type, storedAt: row.stored_at };
}
