import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { findAlias, listAliases, writeAlias } from './alias-store.ts';
import { registryErrors } from './errors.ts';
import { type ModelVersion, transition, type VersionAction, type VersionState } from './model.ts';
import { tellOfVersion } from './model-events.ts';
import { changeOf, type TextChange } from './models.ts';
import { checkAlias, checkTags, checkText } from './names.ts';
import { requireModel, requireVersion, type VersionAddress, type Workshop } from './service.ts';
import { type ModelRow, setTags, updateModel } from './store.ts';
import { findVersion, type LightVersionRow, updateVersion } from './version-store.ts';
import { assembleOne } from './versions.ts';

/** Points an alias to a version; emits `model.version.alias-set` when it moved. @throws `registry.version-archived`, `registry.alias-invalid` */
export async function setAlias(workshop: Workshop, context: ChangeContext, set: VersionAddress & { alias: string }): Promise<ModelVersion> {
  const alias = checkAlias(set.alias);
  return changeVersion(workshop, context, set, async (change, { model, row }) => {
    if (row.state !== 'registered')
      throw registryErrors['version-archived']({ model: model.name, version: row.version, action: 'no alias can point to it' });
    if ((await findAlias(change, model.number, alias)) === row.version) return;
    await writeAlias(change, { model: model.number, alias }, row.version);
    tellOfVersion(change, { model, version: row.version }, 'aliased', { alias });
  });
}

/** Takes an alias away; emits `model.version.alias-removed`. One that is not there is fine. */
export async function removeAlias(
  workshop: Workshop,
  context: ChangeContext,
  of: { project: string; model: string; alias: string },
): Promise<void> {
  const { project, alias } = of;
  await workshop.events.change({ ...context, project }, async (change) => {
    const model = await requireModel(change, project, of.model);
    const version = await findAlias(change, model.number, alias);
    if (version === undefined) return;
    await writeAlias(change, { model: model.number, alias }, undefined);
    await updateModel(change, model.number, { updated_at: workshop.clock.now() });
    tellOfVersion(change, { model, version }, 'unaliased', { alias });
  });
}

/** Archives a version or takes that back; emits `model.version.archived` or `.restored`. Doing it again changes nothing. @throws `registry.version-in-use` */
export async function markVersion(
  workshop: Workshop,
  context: ChangeContext,
  mark: VersionAddress & { action: VersionAction },
): Promise<ModelVersion> {
  return changeVersion(workshop, context, mark, async (change, { model, row }) => {
    const state = transition(row.state as VersionState, mark.action);
    if (state === undefined) return;
    const aliases = mark.action === 'archive' ? await listAliases(change, row) : [];
    if (aliases.length > 0) throw registryErrors['version-in-use']({ model: model.name, version: row.version, aliases });
    await updateVersion(change, row, { state });
    tellOfVersion(change, { model, version: row.version }, mark.action === 'archive' ? 'archived' : 'restored');
  });
}

/** Changes description and tags; emits `model.version.updated`. */
export async function editVersion(workshop: Workshop, context: ChangeContext, edit: VersionAddress & TextChange): Promise<ModelVersion> {
  const { description } = edit;
  if (description !== undefined) checkText('description', description);
  const tags = checkTags(edit.tags ?? {});
  return changeVersion(workshop, context, edit, async (change, { model, row }) => {
    if (description !== undefined) await updateVersion(change, row, { description });
    await setTags(change, { model: row.model, version: row.version }, tags);
    tellOfVersion(change, { model, version: row.version }, 'updated', changeOf(edit));
  });
}

export type Found = { readonly model: ModelRow; readonly row: LightVersionRow };

/** Runs `work` on a version in one change; the model counts as updated when it says that something happened. */
export async function changeVersion(
  workshop: Workshop,
  context: ChangeContext,
  address: VersionAddress,
  work: (change: Change, found: Found) => Promise<void>,
): Promise<ModelVersion> {
  const { model, row } = await workshop.events.change({ ...context, project: address.project }, async (change) => {
    const found = await requireVersion(change, address);
    let happened = false;
    const watched: Change = {
      ...change,
      emit(event) {
        happened = true;
        change.emit(event);
      },
    };
    await work(watched, found);
    if (happened) {
      await updateVersion(change, found.row, { updated_at: workshop.clock.now() });
      await updateModel(change, found.model.number, { updated_at: workshop.clock.now() });
    }
    return { model: found.model, row: (await findVersion(change, found.model.number, found.row.version)) ?? found.row };
  });
  return assembleOne(workshop, model, row);
}
