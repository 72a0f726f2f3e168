import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { DataSnapshot, ModelVersion, ModelName, Signature, VersionFile, VersionState } from './model.ts';
import type { ModelRow, RegistryTables, VersionRow } from './store.ts';

/** Everything of a version but its evaluation and card, which can be large. */
const lightColumns = [
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
] as const;

export type LightVersionRow = Pick<VersionRow, (typeof lightColumns)[number]>;

export async function insertVersion(
  tx: Queryable,
  row: VersionRow,
  parts: { files: readonly VersionFile[]; snapshots: readonly DataSnapshot[] },
): Promise<void> {
  const query = tx.query<RegistryTables>();
  const of = { model: row.model, version: row.version };
  await query.insertInto('model_versions').values(row).execute();
  await query
    .insertInto('model_version_files')
    .values(parts.files.map((file) => ({ ...of, ...file })))
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
    .executeTakeFirst();
}

/** Newest first. */
export async function listVersions(
  from: Queryable,
  model: number,
  page: { before?: number | undefined; limit: number },
): Promise<LightVersionRow[]> {
  let select = from.query<RegistryTables>().selectFrom('model_versions').select(lightColumns).where('model', '=', model);
  if (page.before !== undefined) select = select.where('version', '<', page.before);
  return select.orderBy('version', 'desc').limit(page.limit).execute();
}

/** The versions that a run produced, of any model of the project. */
export async function listVersionsOfRun(
  from: Queryable,
  project: string,
  run: string,
): Promise<{ row: LightVersionRow; model: ModelRow }[]> {
  const query = from.query<RegistryTables>();
  const rows = await query
    .selectFrom('model_versions')
    .select(lightColumns)
    .where('run', '=', run)
    .orderBy('model')
    .orderBy('version')
    .execute();
  if (rows.length === 0) return [];
  const numbers = rows.map((row) => row.model);
  const models = await query
    .selectFrom('registered_models')
    .selectAll()
    .where('project', '=', project)
    .where('number', 'in', numbers)
    .execute();
  return rows.flatMap((row) => {
    const model = models.find(({ number }) => number === row.model);
    return model === undefined ? [] : [{ row, model }];
  });
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

export async function findAlias(from: Queryable, model: number, alias: string): Promise<number | undefined> {
  const row = await from
    .query<RegistryTables>()
    .selectFrom('model_aliases')
    .select('version')
    .where('model', '=', model)
    .where('alias', '=', alias)
    .executeTakeFirst();
  return row?.version;
}

export async function listAliases(from: Queryable, of: { model: number; version: number }): Promise<string[]> {
  const rows = await from
    .query<RegistryTables>()
    .selectFrom('model_aliases')
    .select('alias')
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .orderBy('alias')
    .execute();
  return rows.map((row) => row.alias);
}

export async function writeAlias(tx: Queryable, of: { model: number; alias: string }, version: number | undefined): Promise<void> {
  const query = tx.query<RegistryTables>();
  if (version === undefined) await query.deleteFrom('model_aliases').where('model', '=', of.model).where('alias', '=', of.alias).execute();
  else
    await query
      .insertInto('model_aliases')
      .values({ ...of, version })
      .onConflict((conflict) => conflict.columns(['model', 'alias']).doUpdateSet({ version }))
      .execute();
}

/** Whole versions of one model, in the order of the rows. */
export async function assembleVersions(from: Queryable, model: ModelRow, rows: readonly LightVersionRow[]): Promise<ModelVersion[]> {
  if (rows.length === 0) return [];
  const query = from.query<RegistryTables>();
  const versions = rows.map((row) => row.version);
  const of = <Row extends { version: number }>(all: readonly Row[], version: number) => all.filter((row) => row.version === version);
  const files = await query
    .selectFrom('model_version_files')
    .selectAll()
    .where('model', '=', model.number)
    .where('version', 'in', versions)
    .orderBy('name')
    .execute();
  const snapshots = await query
    .selectFrom('model_version_snapshots')
    .selectAll()
    .where('model', '=', model.number)
    .where('version', 'in', versions)
    .orderBy('dataset')
    .orderBy('snapshot')
    .execute();
  const aliases = await query
    .selectFrom('model_aliases')
    .selectAll()
    .where('model', '=', model.number)
    .where('version', 'in', versions)
    .orderBy('alias')
    .execute();
  const tags = await query
    .selectFrom('model_tags')
    .selectAll()
    .where('model', '=', model.number)
    .where('version', 'in', versions)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    ...versionOf(model, row),
    // Digests in the table were made by the object store.
    files: of(files, row.version).map(({ name, digest, size }) => ({ name, digest: digest as Digest, size })),
    snapshots: of(snapshots, row.version).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    aliases: of(aliases, row.version).map(({ alias }) => alias),
    tags: Object.fromEntries(of(tags, row.version).map(({ name, value }) => [name, value])),
  }));
}

function versionOf(model: ModelRow, row: LightVersionRow): Omit<ModelVersion, 'files' | 'snapshots' | 'aliases' | 'tags'> {
  return {
    project: model.project,
    model: model.name as ModelName,
    version: row.version,
    state: row.state as VersionState,
    digest: row.digest as Digest,
    signature: row.signature === null ? undefined : (JSON.parse(row.signature) as Signature),
    run: row.run === '' ? undefined : row.run,
    pipelineRun: row.pipeline_run ?? undefined,
    codeDigest: row.code_digest ?? undefined,
    environmentDigest: row.environment_digest ?? undefined,
    commit: row.git_commit ?? undefined,
    trainer: JSON.parse(row.trainer) as Actor,
    description: row.description,
    registeredAt: row.registered_at,
    card: { filledFields: row.card_filled, requiredFields: row.card_required },
  };
}
