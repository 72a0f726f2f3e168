import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { ModelKind, ModelName, ModelVersion, Signature, Stage, VersionFile, VersionState } from './model.ts';
import { locationOf } from './location.ts';
import type { ModelRow, RegistryTables } from './store.ts';
import type { LightVersionRow } from './version-store.ts';

/** As MLflow clients call the file. */
const inputExample = 'input_example.json';

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
    // Digests in the table were made by the object store.
    ...versionOf(
      model,
      row,
      of(files, row.version).map(({ name, digest, size }) => ({ name, digest: digest as Digest, size })),
    ),
    snapshots: of(snapshots, row.version).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    aliases: of(aliases, row.version).map(({ alias }) => alias),
    tags: Object.fromEntries(of(tags, row.version).map(({ name, value }) => [name, value])),
  }));
}

function versionOf(
  model: ModelRow,
  row: LightVersionRow,
  files: readonly VersionFile[],
): Omit<ModelVersion, 'snapshots' | 'aliases' | 'tags'> {
  return {
    project: model.project,
    model: model.name as ModelName,
    kind: model.kind as ModelKind,
    version: row.version,
    state: row.state as VersionState,
    stage: row.stage as Stage,
    digest: row.digest as Digest,
    files,
    source: row.source ?? undefined,
    location: locationOf(row, files.length > 0),
    link: row.link ?? undefined,
    loggedModel: row.logged_model ?? undefined,
    inputExample: files.find(({ name }) => name === inputExample)?.name,
    signature: row.signature === null ? undefined : (JSON.parse(row.signature) as Signature),
    run: row.run === '' ? undefined : row.run,
    pipelineRun: row.pipeline_run ?? undefined,
    codeDigest: row.code_digest ?? undefined,
    environmentDigest: row.environment_digest ?? undefined,
    commit: row.git_commit ?? undefined,
    trainer: JSON.parse(row.trainer) as Actor,
    description: row.description,
    registeredAt: row.registered_at,
    updatedAt: row.updated_at,
    card: { filledFields: row.card_filled, requiredFields: row.card_required },
  };
}
