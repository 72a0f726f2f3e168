import type { Change, ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import { cardDigest, type CardMeasure, measureCard } from './card.ts';
import { registryErrors } from './errors.ts';
import { type Evaluation, parseEvaluation } from './evaluation.ts';
import { type ModelVersion, transition, type VersionAction, type VersionFile, type VersionState } from './model.ts';
import type { TextChange } from './models.ts';
import { checkAlias, checkTags, checkText } from './names.ts';
import { modelSubject, requireModel, requireVersion, source, type VersionAddress, versionSubject, type Workshop } from './service.ts';
import { type ModelRow, setTags, updateModel } from './store.ts';
import {
  assembleVersions,
  findAlias,
  findVersion,
  type LightVersionRow,
  listAliases,
  listVersions,
  listVersionsOfRun,
  readDocuments,
  updateVersion,
  writeAlias,
} from './version-store.ts';

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

/** The versions that a run produced. */
export async function versionsOfRun(workshop: Workshop, project: string, run: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for (const { model, row } of await listVersionsOfRun(workshop.database, project, run))
    versions.push(await assembleOne(workshop, model, row));
  return versions;
}

/** Points an alias to a version; emits `model.version.alias-set` when it moved. @throws `registry.version-archived`, `registry.alias-invalid` */
export async function setAlias(workshop: Workshop, context: ChangeContext, set: VersionAddress & { alias: string }): Promise<ModelVersion> {
  const alias = checkAlias(set.alias);
  return changeVersion(workshop, context, set, async (change, { model, row }) => {
    if (row.state !== 'registered')
      throw registryErrors['version-archived']({ model: model.name, version: row.version, action: 'no alias can point to it' });
    if ((await findAlias(change, model.number, alias)) === row.version) return;
    await writeAlias(change, { model: model.number, alias }, row.version);
    const subject = versionSubject(model.project, model.name, row.version);
    change.emit({ type: 'model.version.alias-set', source, subject, data: { model: model.name, version: row.version, alias } });
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
    const data = { model: model.name, version, alias };
    change.emit({ type: 'model.version.alias-removed', source, subject: modelSubject(project, model.name), data });
  });
}

/** Archives a version or restores it; emits `model.version.archived` or `.restored`. Doing it again changes nothing. @throws `registry.version-in-use` */
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
    const subject = versionSubject(model.project, model.name, row.version);
    const type = `model.version.${mark.action === 'archive' ? 'archived' : 'restored'}`;
    change.emit({ type, source, subject, data: { model: model.name, version: row.version } });
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
    const subject = versionSubject(model.project, model.name, row.version);
    change.emit({ type: 'model.version.updated', source, subject, data: { model: model.name, version: row.version } });
  });
}

export interface Card extends CardMeasure {
  /** Markdown; undefined when nobody has written one. */
  readonly text: string | undefined;
  /** Send it with the next text, so that nobody's change is lost. */
  readonly digest: string | undefined;
}

export async function getCard(workshop: Workshop, address: VersionAddress): Promise<Card> {
  const { row } = await requireVersion(workshop.database, address);
  const { card } = await readDocuments(workshop.database, row);
  return { text: card ?? undefined, digest: card === null ? undefined : cardDigest(card), ...measureCard(card ?? '') };
}

/** Replaces the card; emits `model.card.updated`. @throws `registry.card-changed` when `replaces` is not the digest of the present text */
export async function updateCard(
  workshop: Workshop,
  context: ChangeContext,
  edit: VersionAddress & { text: string; replaces?: string | undefined },
): Promise<Card> {
  const text = checkText('card', edit.text);
  await changeVersion(workshop, context, edit, async (change, { model, row }) => {
    const { card } = await readDocuments(change, row);
    if (edit.replaces !== undefined && (card === null || cardDigest(card) !== edit.replaces)) {
      throw registryErrors['card-changed']({ model: model.name, version: row.version });
    }
    if (card === text) return;
    const { filledFields, requiredFields } = measureCard(text);
    await updateVersion(change, row, { card: text, card_filled: filledFields, card_required: requiredFields });
    const data = { model: model.name, version: row.version, filledFields, requiredFields };
    change.emit({ type: 'model.card.updated', source, subject: versionSubject(model.project, model.name, row.version), data });
  });
  return getCard(workshop, edit);
}

/** What `evaluation.json` of the version says; undefined when it has none. */
export async function getEvaluation(workshop: Workshop, address: VersionAddress): Promise<Evaluation | undefined> {
  const { row } = await requireVersion(workshop.database, address);
  const { evaluation } = await readDocuments(workshop.database, row);
  return evaluation === null ? undefined : parseEvaluation(evaluation);
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

type Found = { readonly model: ModelRow; readonly row: LightVersionRow };

/** Runs `work` on a version in one change; the model counts as updated when it says that something happened. */
async function changeVersion(
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
    if (happened) await updateModel(change, found.model.number, { updated_at: workshop.clock.now() });
    return { model: found.model, row: (await findVersion(change, found.model.number, found.row.version)) ?? found.row };
  });
  return assembleOne(workshop, model, row);
}

async function assembleOne(workshop: Workshop, model: ModelRow, row: LightVersionRow): Promise<ModelVersion> {
  const [version] = await assembleVersions(workshop.database, model, [row]);
  if (version === undefined) throw registryErrors['version-not-found']({ model: model.name, version: row.version });
  return version;
}
