import type { Queryable } from '#kernel/database/index.ts';
import type { DataSnapshot, VersionFile } from './model.ts';
import type { ModelRow, RegistryTables, VersionRow } from './store.ts';

/** Everything of a version but its evaluation and card, which can be large. */
export const lightColumns = [
  'model',
  'version',
  'state',
  'digest',
  'run',
  'pipeline_run',
  'code_digest',
  'environment_digest',
  'git_commit',
  'trainer',
  'description',
  'registered_at',
  'signature',
  'card_filled',
  'card_required',
  'updated_at',
  'stage',
  'source',
  'location',
  'link',
  'logged_model',
  'deleted_at',
] as const;

/** A statement has a limited number of parameters. */
const rowsAtOnce = 1000;

export type LightVersionRow = Pick<VersionRow, (typeof lightColumns)[number]>;

export async function insertVersion(
  tx: Queryable,
  row: VersionRow,
  parts: { files: readonly VersionFile[]; snapshots: readonly DataSnapshot[] },
): Promise<void> {
  const query = tx.query<RegistryTables>();
  const of = { model: row.model, version: row.version };
  await query.insertInto('model_versions').values(row).execute();
  const files = parts.files.map(({ name, digest, size }) => ({ ...of, name, digest, size }));
  for (let start = 0; start < files.length; start += rowsAtOnce)
    await query
      .insertInto('model_version_files')
      .values(files.slice(start, start + rowsAtOnce))
      .execute();
  const snapshots = parts.snapshots.map(({ dataset, snapshot, digest }) => ({ ...of, dataset, snapshot, digest }));
  if (snapshots.length > 0) {
    await query
      .insertInto('model_version_snapshots')
      .values(snapshots)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Also one that was deleted. */
export async function findVersion(from: Queryable, model: number, version: number): Promise<LightVersionRow | undefined> {
  return from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select(lightColumns)
    .where('model', '=', model)
    .where('version', '=', version)
    .executeTakeFirst();
}

export async function findVersionOfRun(
  from: Queryable,
  of: { model: number; run: string; digest: string },
): Promise<LightVersionRow | undefined> {
  return from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select(lightColumns)
    .where('model', '=', of.model)
    .where('run', '=', of.run)
    .where('digest', '=', of.digest)
    .where('deleted_at', 'is', null)
    .orderBy('version')
    .executeTakeFirst();
}

/** Number of the newest version that is not deleted, by model; a model without one is left out. */
export async function newestVersions(from: Queryable, models: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select(({ fn }) => ['model', fn.max('version').as('newest')])
    .where('model', 'in', models)
    .where('deleted_at', 'is', null)
    .groupBy('model')
    .execute();
  return new Map(rows.map(({ model, newest }) => [model, newest]));
}

/** Newest first. */
export async function listVersions(
  from: Queryable,
  model: number,
  page: { before?: number | undefined; limit: number },
): Promise<LightVersionRow[]> {
  let select = from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select(lightColumns)
    .where('model', '=', model)
    .where('deleted_at', 'is', null);
  if (page.before !== undefined) select = select.where('version', '<', page.before);
  return select.orderBy('version', 'desc').limit(page.limit).execute();
}

type FoundVersion = { readonly row: LightVersionRow; readonly model: ModelRow };

/** The versions that a run produced, of any model of the project. */
export function listVersionsOfRun(from: Queryable, project: string, run: string): Promise<FoundVersion[]> {
  return listVersionsBy(from, project, { column: 'run', value: run });
}

/** The versions that were registered from a source, of any model of the project. */
export function listVersionsFrom(from: Queryable, project: string, source: string): Promise<FoundVersion[]> {
  return listVersionsBy(from, project, { column: 'source', value: source });
}

async function listVersionsBy(from: Queryable, project: string, by: { column: 'run' | 'source'; value: string }): Promise<FoundVersion[]> {
  const query = from.query<RegistryTables>();
  const rows = await query
    .selectFrom('model_versions')
    .select(lightColumns)
    .where(by.column, '=', by.value)
    .where('deleted_at', 'is', null)
    .orderBy('model')
    .orderBy('version')
    .execute();
  if (rows.length === 0) return [];
  const numbers = [...new Set(rows.map((row) => row.model))];
  const models = await query
    .selectFrom('registered_models')
    .selectAll()
    .where('project', '=', project)
    .where('number', 'in', numbers)
    .where('deleted_at', 'is', null)
    .execute();
  const byNumber = new Map(models.map((model) => [model.number, model]));
  return rows.flatMap((row) => {
    const model = byNumber.get(row.model);
    return model === undefined ? [] : [{ row, model }];
  });
}

export async function versionsInStage(from: Queryable, model: number, stage: string): Promise<number[]> {
  const rows = await from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select('version')
    .where('model', '=', model)
    .where('stage', '=', stage)
    .where('deleted_at', 'is', null)
    .orderBy('version')
    .execute();
  return rows.map(({ version }) => version);
}

export async function updateVersion(tx: Queryable, of: { model: number; version: number }, change: Partial<VersionRow>): Promise<void> {
  await tx
    .query<RegistryTables>()
    .updateTable('model_versions')
    .set(change)
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .execute();
}

export async function readDocuments(
  from: Queryable,
  of: { model: number; version: number },
): Promise<Pick<VersionRow, 'card' | 'evaluation'>> {
  const row = await from
    .query<RegistryTables>()
    .selectFrom('model_versions')
    .select(['card', 'evaluation'])
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .executeTakeFirst();
  return row ?? { card: null, evaluation: null };
}
