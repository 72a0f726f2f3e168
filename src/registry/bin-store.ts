import type { Queryable } from '#kernel/database/index.ts';
import type { ModelRow, RegistryTables } from './store.ts';

type Slice = { readonly project?: string; readonly before?: number };

/** Models in the recycle bin: of a project, or those deleted before a time. */
export async function deletedModels(from: Queryable, { project, before }: Slice): Promise<ModelRow[]> {
  let select = from.query<RegistryTables>().selectFrom('registered_models').selectAll().where('deleted_at', 'is not', null);
  if (project !== undefined) select = select.where('project', '=', project);
  if (before !== undefined) select = select.where('deleted_at', '<', before);
  return select.orderBy('number').execute();
}

/** The one that was deleted last. */
export async function findDeletedModel(from: Queryable, project: string, name: string): Promise<ModelRow | undefined> {
  const models = await from
    .query<RegistryTables>()
    .selectFrom('registered_models')
    .selectAll()
    .where('project', '=', project)
    .where('name', '=', name)
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at', 'desc')
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return models;
}

/** Versions in the recycle bin whose models are not. */
export async function deletedVersions(
  from: Queryable,
  { project, before }: Slice,
): Promise<{ model: ModelRow; row: { version: number; deleted_at: number | null } }[]> {
  const query = from.query<RegistryTables>();
  let select = query
    .selectFrom('model_versions')
    .innerJoin('registered_models', 'registered_models.number', 'model_versions.model')
    .selectAll('registered_models')
    .select(['model_versions.version as gone_version', 'model_versions.deleted_at as gone_at'])
    .where('model_versions.deleted_at', 'is not', null)
    .where('registered_models.deleted_at', 'is', null);
  if (project !== undefined) select = select.where('registered_models.project', '=', project);
  if (before !== undefined) select = select.where('model_versions.deleted_at', '<', before);
  const rows = await select.orderBy('model_versions.model').orderBy('model_versions.version').execute();
  return rows.map(({ gone_version: version, gone_at, ...model }) => ({ model, row: { version, deleted_at: gone_at } }));
}

const parts = [
  'model_versions',
  'model_version_files',
  'model_version_snapshots',
  'model_directories',
  'model_signatures',
  'model_tags',
  'model_aliases',
] as const;

/** Takes the rows of a version away, or of every version and of the model itself. Bytes stay until nothing refers to them. */
export async function eraseRows(tx: Queryable, of: { model: number; version?: number }): Promise<void> {
  const query = tx.query<RegistryTables>();
  for (const table of parts) {
    const erase = query.deleteFrom(table).where('model', '=', of.model);
    await (of.version === undefined ? erase : erase.where('version', '=', of.version)).execute();
  }
  if (of.version === undefined) await query.deleteFrom('registered_models').where('number', '=', of.model).execute();
}
