import type { ByteRange } from '#kernel/objects/index.ts';
import { registryErrors } from './errors.ts';
import { type Evaluation, parseEvaluation } from './evaluation.ts';
import { findDirectory, type ModelDirectory } from './mlmodel/index.ts';
import type { ModelVersion, VersionFile } from './model.ts';
import { requireModel, requireVersion, type VersionAddress, type Workshop } from './service.ts';
import { findModels, type ModelRow } from './store.ts';
import { assembleVersions } from './version-parts-store.ts';
import { findVersion, type LightVersionRow, listVersions, listVersionsOfRun, readDocuments } from './version-store.ts';

/** @throws `registry.model-not-found`, `registry.version-not-found`, `registry.alias-not-found`, `registry.version-invalid` */
export async function getVersion(workshop: Workshop, address: VersionAddress): Promise<ModelVersion> {
  const { model, row } = await requireVersion(workshop.database, address);
  return assembleOne(workshop, model, row);
}

/** Newest first. */
export async function pageOfVersions(
  workshop: Workshop,
  of: { project: string; model: string },
  page: { before?: number | undefined; limit: number },
): Promise<{ items: ModelVersion[]; next?: number }> {
  const model = await requireModel(workshop.database, of.project, of.model);
  const rows = await listVersions(workshop.database, model.number, { ...page, limit: page.limit + 1 });
  const items = await assembleVersions(workshop.database, model, rows.slice(0, page.limit));
  const last = items.at(-1);
  return { items, ...(rows.length > page.limit && last !== undefined ? { next: last.version } : {}) };
}

/** Whether the model has this version with exactly these files. */
export async function isRegistered(
  { database }: Workshop,
  project: string,
  of: { model: string; version: number; files: Readonly<Record<string, string>> },
): Promise<boolean> {
  const [model] = await findModels(database, project, [of.model]);
  const row = model === undefined ? undefined : await findVersion(database, model.number, of.version);
  if (model === undefined || row === undefined || row.deleted_at !== null) return false;
  const [version] = await assembleVersions(database, model, [row]);
  const files = version?.files ?? [];
  return files.length === Object.keys(of.files).length && files.every(({ name, digest }) => of.files[name] === digest);
}

/** The versions that a run produced. */
export async function versionsOfRun(workshop: Workshop, project: string, run: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for (const { model, row } of await listVersionsOfRun(workshop.database, project, run))
    versions.push(await assembleOne(workshop, model, row));
  return versions;
}

/** What `evaluation.json` of the version says; undefined when it has none. */
export async function getEvaluation(workshop: Workshop, address: VersionAddress): Promise<Evaluation | undefined> {
  const { row } = await requireVersion(workshop.database, address);
  const { evaluation } = await readDocuments(workshop.database, row);
  return evaluation === null ? undefined : parseEvaluation(evaluation);
}

/** What the `MLmodel` file of the version says; undefined when it has none. */
export async function getDirectory(workshop: Workshop, address: VersionAddress): Promise<ModelDirectory | undefined> {
  const { row } = await requireVersion(workshop.database, address);
  return findDirectory(workshop.database, row);
}

/** @throws `registry.file-not-found` */
export async function getFile(workshop: Workshop, address: VersionAddress & { file: string }): Promise<VersionFile> {
  const version = await getVersion(workshop, address);
  const file = version.files.find(({ name }) => name === address.file);
  if (file === undefined)
    throw registryErrors['file-not-found']({ model: version.model, version: version.version, file: address.file.slice(0, 200) });
  return file;
}

export function readFile({ objects }: Workshop, file: VersionFile, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
  return objects.get(file.digest, range);
}

/** A version with its files, data, aliases and tags. */
export async function assembleOne(workshop: Workshop, model: ModelRow, row: LightVersionRow): Promise<ModelVersion> {
  const [version] = await assembleVersions(workshop.database, model, [row]);
  if (version === undefined) throw registryErrors['version-not-found']({ model: model.name, version: row.version });
  return version;
}
