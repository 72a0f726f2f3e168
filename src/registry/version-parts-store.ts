import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import { locationOf } from './location.ts';
import type { ModelKind, ModelName, ModelVersion, Signature, Stage, VersionHeader, VersionState } from './model.ts';
import type { ModelRow, RegistryTables } from './store.ts';
import type { LightVersionRow } from './version-store.ts';

/** As MLflow clients call the file. */
const inputExample = 'input_example.json';

/** A version with the model it belongs to. */
export interface VersionOfModel {
  readonly model: Pick<ModelRow, 'project' | 'name' | 'kind'>;
  readonly row: LightVersionRow;
}

/** Whole versions of one model, in the order of the rows. */
export async function assembleVersions(from: Queryable, model: ModelRow, rows: readonly LightVersionRow[]): Promise<ModelVersion[]> {
  const found = rows.map((row) => ({ model, row }));
  const headers = await assembleHeaders(from, found);
  const [files, snapshots] = [await filesOf(from, found), await snapshotsOf(from, found)];
  return rows.map((row, index): ModelVersion => {
    const own = files(row);
    const [header] = headers.slice(index, index + 1);
    if (header === undefined) throw new Error(`version ${row.version} of ${model.name} was lost on the way`);
    return {
      ...header,
      location: locationOf(row, own.length > 0),
      inputExample: own.find(({ name }) => name === inputExample)?.name,
      // Digests in the table were made by the object store.
      files: own.map(({ name, digest, size }) => ({ name, digest: digest as Digest, size })),
      snapshots: snapshots(row).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    };
  });
}

/** Versions of any models without what lists need not say, in the order of the rows. */
export async function assembleHeaders(from: Queryable, found: readonly VersionOfModel[]): Promise<VersionHeader[]> {
  const [aliases, tags] = [await aliasesOf(from, found), await tagsOf(from, found)];
  return found.map(({ model, row }) => ({
    ...headerOf(model, row),
    aliases: aliases(row).map(({ alias }) => alias),
    tags: Object.fromEntries(tags(row).map(({ name, value }) => [name, value])),
  }));
}

function headerOf(model: VersionOfModel['model'], row: LightVersionRow): Omit<VersionHeader, 'aliases' | 'tags'> {
  return {
    project: model.project,
    model: model.name as ModelName,
    kind: model.kind as ModelKind,
    version: row.version,
    state: row.state as VersionState,
    stage: row.stage as Stage,
    digest: row.digest as Digest,
    source: row.source ?? undefined,
    link: row.link ?? undefined,
    loggedModel: row.logged_model ?? undefined,
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

const aliasesOf = (from: Queryable, found: readonly VersionOfModel[]) =>
  partsOf(found, (part) =>
    from
      .query<RegistryTables>()
      .selectFrom('model_aliases')
      .selectAll()
      .where('model', 'in', part.models)
      .where('version', 'in', part.versions)
      .orderBy('alias')
      .execute(),
  );

const tagsOf = (from: Queryable, found: readonly VersionOfModel[]) =>
  partsOf(found, (part) =>
    from
      .query<RegistryTables>()
      .selectFrom('model_tags')
      .selectAll()
      .where('model', 'in', part.models)
      .where('version', 'in', part.versions)
      .orderBy('name')
      .execute(),
  );

const filesOf = (from: Queryable, found: readonly VersionOfModel[]) =>
  partsOf(found, (part) =>
    from
      .query<RegistryTables>()
      .selectFrom('model_version_files')
      .selectAll()
      .where('model', 'in', part.models)
      .where('version', 'in', part.versions)
      .orderBy('name')
      .execute(),
  );

const snapshotsOf = (from: Queryable, found: readonly VersionOfModel[]) =>
  partsOf(found, (part) =>
    from
      .query<RegistryTables>()
      .selectFrom('model_version_snapshots')
      .selectAll()
      .where('model', 'in', part.models)
      .where('version', 'in', part.versions)
      .orderBy('dataset')
      .orderBy('snapshot')
      .execute(),
  );

const atOnce = 500;

/** Rows that belong to versions, by version; asked for in parts, because a statement takes only so many parameters. */
async function partsOf<Row extends { readonly model: number; readonly version: number }>(
  found: readonly VersionOfModel[],
  select: (part: { models: number[]; versions: number[] }) => Promise<readonly Row[]>,
): Promise<(row: LightVersionRow) => readonly Row[]> {
  const byVersion = new Map<string, Row[]>();
  for (let start = 0; start < found.length; start += atOnce) {
    const part = found.slice(start, start + atOnce);
    const wanted = new Set(part.map(({ row }) => keyOf(row)));
    const models = [...new Set(part.map(({ row }) => row.model))];
    const versions = [...new Set(part.map(({ row }) => row.version))];
    for (const row of await select({ models, versions })) {
      const key = keyOf(row);
      if (!wanted.has(key)) continue;
      const rows = byVersion.get(key);
      if (rows === undefined) byVersion.set(key, [row]);
      else rows.push(row);
    }
  }
  return (row) => byVersion.get(keyOf(row)) ?? [];
}

const keyOf = ({ model, version }: { readonly model: number; readonly version: number }) => `${model}/${version}`;
