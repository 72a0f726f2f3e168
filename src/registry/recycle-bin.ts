import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { listAliases, writeAlias } from './alias-store.ts';
import { deletedModels, deletedVersions, findDeletedModel } from './bin-store.ts';
import { registryErrors } from './errors.ts';
import type { Model, ModelKind, ModelVersion } from './model.ts';
import { tellOfModel, tellOfVersion } from './model-events.ts';
import { usesOf } from './model-use.ts';
import { getModel } from './models.ts';
import { checkModelName, parseVersion } from './names.ts';
import { requireModel, requireVersion, type VersionAddress, type Workshop } from './service.ts';
import { findModel, updateModel } from './store.ts';
import { findVersion, updateVersion } from './version-store.ts';
import { markVersion } from './change-version.ts';
import { assembleOne } from './versions.ts';

/** Something that was deleted and can still be brought back. */
export interface DeletedItem {
  readonly model: string;
  readonly kind: ModelKind;
  /** Undefined: the whole model. */
  readonly version: number | undefined;
  readonly deletedAt: number;
  /** When it is taken away for good. */
  readonly purgedAt: number;
}

const day = 86_400_000;

/**
 * Puts a model with all its versions into the recycle bin; its name is free at once. Emits `model.deleted`.
 * @throws `registry.model-not-found`, `registry.model-in-use`
 */
export async function deleteModel(workshop: Workshop, context: ChangeContext, of: { project: string; name: string }): Promise<void> {
  const { project, name } = of;
  const uses = await usesOf(workshop.events, { project, model: name });
  await workshop.events.change({ ...context, project }, async (change) => {
    const model = await requireModel(change, project, name);
    if (uses.length > 0) throw registryErrors['model-in-use']({ model: name, action: 'deleted', uses: uses.map(({ what }) => what) });
    await updateModel(change, model.number, { deleted_at: workshop.clock.now() });
    tellOfModel(change, model, 'deleted');
  });
}

/**
 * Puts a version into the recycle bin and takes its aliases away; its number is not used again. Emits `model.version.deleted`.
 * @throws `registry.version-not-found`, `registry.model-in-use`
 */
export async function deleteVersion(workshop: Workshop, context: ChangeContext, address: VersionAddress): Promise<void> {
  const { project } = address;
  const uses = await usesOf(workshop.events, address);
  await workshop.events.change({ ...context, project }, async (change) => {
    const { model, row } = await requireVersion(change, address);
    const using = uses.filter(({ version }) => version === row.version).map(({ what }) => what);
    if (using.length > 0) throw registryErrors['model-in-use']({ model: `${model.name} ${row.version}`, action: 'deleted', uses: using });
    for (const alias of await listAliases(change, row)) {
      await writeAlias(change, { model: model.number, alias }, undefined);
      tellOfVersion(change, { model, version: row.version }, 'unaliased', { alias });
    }
    const now = workshop.clock.now();
    await updateVersion(change, row, { deleted_at: now, updated_at: now });
    await updateModel(change, model.number, { updated_at: now });
    tellOfVersion(change, { model, version: row.version }, 'deleted');
  });
}

/**
 * Brings the model of that name that was deleted last back, as `as` when the name was given away since; emits `model.restored`.
 * @throws `registry.not-deleted`, `registry.model-exists`
 */
export async function restoreModel(
  workshop: Workshop,
  context: ChangeContext,
  of: { project: string; name: string; as?: string | undefined },
): Promise<Model> {
  const { project } = of;
  const name = checkModelName(of.as ?? of.name);
  await workshop.events.change({ ...context, project }, async (change) => {
    const model = await findDeletedModel(change, project, of.name);
    if (model === undefined) throw registryErrors['not-deleted']({ project, model: of.name });
    if ((await findModel(change, project, name)) !== undefined) throw registryErrors['model-exists']({ project, model: name });
    await updateModel(change, model.number, { name, deleted_at: null, updated_at: workshop.clock.now() });
    tellOfModel(change, { ...model, name }, 'restored', name === of.name ? {} : { from: of.name });
  });
  return getModel(workshop, project, name);
}

/** Brings a deleted or archived version back, without the aliases it had; emits `model.version.restored`. */
export async function restoreVersion(workshop: Workshop, context: ChangeContext, address: VersionAddress): Promise<ModelVersion> {
  const { project } = address;
  const restored = await workshop.events.change({ ...context, project }, async (change) => {
    const found = await deletedVersion(change, address);
    if (found === undefined) return undefined;
    const now = workshop.clock.now();
    await updateVersion(change, found.row, { deleted_at: null, updated_at: now });
    await updateModel(change, found.model.number, { updated_at: now });
    tellOfVersion(change, { model: found.model, version: found.row.version }, 'restored');
    return { ...found, row: { ...found.row, deleted_at: null, updated_at: now } };
  });
  if (restored !== undefined) return assembleOne(workshop, restored.model, restored.row);
  return markVersion(workshop, context, { ...address, action: 'restore' });
}

async function deletedVersion(change: Change, { project, model: name, version }: VersionAddress) {
  const reference = parseVersion(version);
  if (reference === 'latest' || !('version' in reference)) return undefined;
  const model = await requireModel(change, project, name);
  const row = await findVersion(change, model.number, reference.version);
  return row === undefined || row.deleted_at === null ? undefined : { model, row };
}

/** What was deleted, the newest first. */
export async function recycleBin(workshop: Workshop, project: string): Promise<DeletedItem[]> {
  await workshop.projects.project(project);
  const [models, versions] = await Promise.all([
    deletedModels(workshop.database, { project }),
    deletedVersions(workshop.database, { project }),
  ]);
  const kept = workshop.retentionDays * day;
  const items = [
    ...models.map(({ name, kind, deleted_at: at }) => ({ model: name, kind, version: undefined, at })),
    ...versions.map(({ model, row }) => ({ model: model.name, kind: model.kind, version: row.version, at: row.deleted_at })),
  ];
  return items
    .map(({ model, kind, version, at }) => ({ model, kind: kind as ModelKind, version, deletedAt: at ?? 0, purgedAt: (at ?? 0) + kept }))
    .toSorted((a, b) => b.deletedAt - a.deletedAt);
}
