import type { Queryable } from '#kernel/database/index.ts';
import type { RegistryTables } from '../store.ts';

/** Tags of a version; version 0 holds those of the model itself. */
export async function readTags(from: Queryable, of: { model: number; version: number }): Promise<Readonly<Record<string, string>>> {
  const rows = await from
    .query<RegistryTables>()
    .selectFrom('model_tags')
    .select(['name', 'value'])
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .orderBy('name')
    .execute();
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

export async function hasFiles(from: Queryable, of: { model: number; version: number }): Promise<boolean> {
  const row = await from
    .query<RegistryTables>()
    .selectFrom('model_version_files')
    .select('name')
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
