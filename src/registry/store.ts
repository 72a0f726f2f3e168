import type { Queryable } from '#kernel/database/index.ts';
import type { Model, ModelKind, ModelName } from './model.ts';
import { newestVersions } from './version-store.ts';

export interface ModelRow {
  number: number;
  project: string;
  name: string;
  description: string;
  created_at: number;
  updated_at: number;
  /** Counts up only, so that a number is never used twice. */
  last_version: number;
  kind: string;
  /** Epoch ms; in the recycle bin since then. */
  deleted_at: number | null;
}

export interface VersionRow {
  model: number;
  version: number;
  state: string;
  digest: string;
  /** '' when the version has no run. */
  run: string;
  pipeline_run: string | null;
  code_digest: string | null;
  environment_digest: string | null;
  git_commit: string | null;
  /** JSON of the actor. */
  trainer: string;
  description: string;
  registered_at: number;
  /** JSON. */
  signature: string | null;
  evaluation: string | null;
  card: string | null;
  card_filled: number;
  card_required: number;
  updated_at: number;
  stage: string;
  /** The URI it was registered from, as it was written. */
  source: string | null;
  /** Where its files lie when they are not its own. */
  location: string | null;
  link: string | null;
  logged_model: string | null;
  deleted_at: number | null;
}

export interface RegistryTables {
  registered_models: ModelRow;
  model_versions: VersionRow;
  model_version_files: { model: number; version: number; name: string; digest: string; size: number };
  model_version_snapshots: { model: number; version: number; dataset: string; snapshot: number; digest: string };
  model_directories: { model: number; version: number };
  model_signatures: { model: number; version: number };
  model_aliases: { model: number; alias: string; version: number };
  model_tags: { model: number; version: number; name: string; value: string };
}

export async function findModel(from: Queryable, project: string, name: string): Promise<ModelRow | undefined> {
  return from
    .query<RegistryTables>()
    .selectFrom('registered_models')
    .selectAll()
    .where('project', '=', project)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}

/** Also one that was deleted. */
export async function findModelByNumber(from: Queryable, number: number): Promise<ModelRow | undefined> {
  return from.query<RegistryTables>().selectFrom('registered_models').selectAll().where('number', '=', number).executeTakeFirst();
}

/** Those of the names that the project has. */
export async function findModels(from: Queryable, project: string, names: readonly string[]): Promise<ModelRow[]> {
  if (names.length === 0) return [];
  return from
    .query<RegistryTables>()
    .selectFrom('registered_models')
    .selectAll()
    .where('project', '=', project)
    .where('name', 'in', names)
    .where('deleted_at', 'is', null)
    .execute();
}

export async function insertModel(tx: Queryable, model: Omit<ModelRow, 'number'>): Promise<ModelRow> {
  // `number` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ registered_models: Omit<ModelRow, 'number'> & { number?: number } }>();
  const row = await query.insertInto('registered_models').values(model).returning('number').executeTakeFirstOrThrow();
  return { ...model, number: row.number ?? 0 };
}

export async function updateModel(tx: Queryable, number: number, change: Partial<Omit<ModelRow, 'number'>>): Promise<void> {
  await tx.query<RegistryTables>().updateTable('registered_models').set(change).where('number', '=', number).execute();
}

export async function assembleModels(from: Queryable, rows: readonly ModelRow[]): Promise<Model[]> {
  const numbers = rows.map((row) => row.number);
  if (numbers.length === 0) return [];
  const query = from.query<RegistryTables>();
  const newest = await newestVersions(from, numbers);
  const aliases = await query.selectFrom('model_aliases').selectAll().where('model', 'in', numbers).orderBy('alias').execute();
  const tags = await query
    .selectFrom('model_tags')
    .selectAll()
    .where('model', 'in', numbers)
    .where('version', '=', 0)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    name: row.name as ModelName,
    project: row.project,
    kind: row.kind as ModelKind,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    latestVersion: newest.get(row.number) ?? 0,
    aliases: Object.fromEntries(aliases.filter((alias) => alias.model === row.number).map(({ alias, version }) => [alias, version])),
    tags: Object.fromEntries(tags.filter((tag) => tag.model === row.number).map(({ name, value }) => [name, value])),
  }));
}

/** Sets the tags of a version (0: of the model itself); a value of undefined takes the tag away. */
export async function setTags(
  tx: Queryable,
  of: { model: number; version: number },
  tags: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const query = tx.query<RegistryTables>();
  for (const [name, value] of Object.entries(tags)) {
    if (value === undefined) {
      await query
        .deleteFrom('model_tags')
        .where('model', '=', of.model)
        .where('version', '=', of.version)
        .where('name', '=', name)
        .execute();
      continue;
    }
    await query
      .insertInto('model_tags')
      .values({ ...of, name, value })
      .onConflict((conflict) => conflict.columns(['model', 'version', 'name']).doUpdateSet({ value }))
      .execute();
  }
}
