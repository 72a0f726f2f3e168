import { RipenError } from '#kernel/errors.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { addVersion } from '../add-version.ts';
import { writeAlias } from '../alias-store.ts';
import { inspectDirectory } from '../inspect-files.ts';
import { tellOfModel } from '../model-events.ts';
import { kindOf } from '../models.ts';
import { checkAlias, checkModelName, checkReference, checkTags, checkText } from '../names.ts';
import { provenanceOf } from '../provenance.ts';
import { readSource } from '../register-from.ts';
import type { Workshop } from '../service.ts';
import { resolveSource, type ResolvedSource } from '../source-files.ts';
import { parseStage } from '../stages.ts';
import { findModel, insertModel, type ModelRow, setTags, updateModel } from '../store.ts';
import { findVersion, updateVersion } from '../version-store.ts';
import { registryErrors } from '../errors.ts';
import { importErrors } from './errors.ts';

export interface ImportedVersion {
  readonly version: number;
  /** Where its files are here: `mlflow-artifacts:/…`, `models:/m-…`, `runs:/…`; or a place elsewhere. */
  readonly source: string;
  readonly run?: string | undefined;
  readonly loggedModel?: string | undefined;
  readonly link?: string | undefined;
  readonly description: string;
  /** A stage of old clients. */
  readonly stage: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A model of another registry with some or all of its versions. */
export interface ImportModel {
  readonly project: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly ImportedVersion[];
  /** Versions by alias. */
  readonly aliases: Readonly<Record<string, number>>;
}

export interface VersionOutcome {
  readonly version: number;
  readonly outcome: 'created' | 'updated' | 'refused';
  /** Why it was refused, or why it was kept without files. */
  readonly problem?: { readonly code: string; readonly message: string } | undefined;
}

interface Prepared {
  readonly given: ImportedVersion;
  readonly read: Awaited<ReturnType<typeof readSource>>;
  readonly resolved: Pick<ResolvedSource, 'source' | 'location' | 'loggedModel'>;
  readonly problem: RipenError | undefined;
}

/**
 * Keeps a model of another registry with the numbers, stages, aliases and times that it has there, or adds what is new of it: sending
 * the same again changes nothing. A version whose files are not here is kept without them. Emits `model.imported` and
 * `model.version.imported`, or the same of a prompt. @throws `registry.kinds-differ`, `registry.name-invalid`
 */
export async function importModel(workshop: Workshop, context: ChangeContext, input: ImportModel): Promise<VersionOutcome[]> {
  checkImport(input);
  const { name: project } = await workshop.projects.project(input.project);
  const prepared: Prepared[] = [];
  for (const version of input.versions) prepared.push(await prepare(workshop, project, version));
  return workshop.events.change({ ...context, project }, async (change) => {
    const { model, isNew } = await openImported(change, { ...input, project });
    const outcomes: VersionOutcome[] = [];
    for (const each of prepared) outcomes.push(await keepVersion(change, model, { each, context }));
    const aliases = await pointAliases(change, model, input.aliases);
    const created = outcomes.filter(({ outcome }) => outcome === 'created').map(({ version }) => version);
    if (isNew || created.length > 0 || aliases.length > 0) tellOfModel(change, model, 'imported', { versions: created, aliases });
    return outcomes;
  });
}

function checkImport(input: ImportModel): void {
  checkModelName(input.name);
  checkText('description', input.description);
  checkTags(input.tags);
  for (const alias of Object.keys(input.aliases)) checkAlias(alias);
  for (const { description, link, run, loggedModel, tags, stage } of input.versions) {
    checkText('description', description);
    checkText('link', link ?? '');
    if (run !== undefined) checkReference('a run', run);
    if (loggedModel !== undefined) checkReference('a logged model', loggedModel);
    checkTags(tags);
    parseStage(stage);
  }
}

/** Reads what the files say. Where they are not here, or not whole, the version is kept without them: it exists all the same. */
async function prepare(workshop: Workshop, project: string, given: ImportedVersion): Promise<Prepared> {
  const { source, run, loggedModel } = given;
  try {
    const resolved = await resolveSource(workshop, { project, source, run, loggedModel });
    return { given, resolved, read: await readSource(workshop, project, resolved), problem: undefined };
  } catch (error) {
    if (!(error instanceof RipenError) || error.kind === 'internal') throw error;
    const provenance = await provenanceOf(workshop, { project, run, claimed: true });
    const inspected = await inspectDirectory(workshop, {}, source);
    return { given, resolved: { source, location: source, loggedModel }, read: { provenance, inspected }, problem: error };
  }
}

async function openImported(change: Change, input: ImportModel): Promise<{ model: ModelRow; isNew: boolean }> {
  const { project, name, description, createdAt, updatedAt, tags } = input;
  const kind = kindOf(tags);
  const existing = await findModel(change, project, name);
  if (existing !== undefined && existing.kind !== kind)
    throw registryErrors['kinds-differ']({ model: name, kind: existing.kind, wanted: kind });
  const times = { created_at: createdAt, updated_at: updatedAt };
  const model = existing ?? (await insertModel(change, { project, name, kind, description, ...times, last_version: 0, deleted_at: null }));
  if (existing !== undefined && description !== '') await updateModel(change, existing.number, { description });
  await setTags(change, { model: model.number, version: 0 }, tags);
  return { model, isNew: existing === undefined };
}

async function keepVersion(
  change: Change,
  model: ModelRow,
  { each, context }: { each: Prepared; context: ChangeContext },
): Promise<VersionOutcome> {
  const { given, read, resolved, problem } = each;
  const { version, tags, description, createdAt, updatedAt } = given;
  const stage = parseStage(given.stage);
  const existing = await findVersion(change, model.number, version);
  if (existing !== undefined && existing.registered_at !== createdAt)
    return { version, outcome: 'refused', problem: toldOf(importErrors['import-version-taken']({ model: model.name, version })) };
  if (existing !== undefined) {
    await updateVersion(change, existing, { stage, description, updated_at: updatedAt });
    await setTags(change, { model: model.number, version }, tags);
    return { version, outcome: 'updated' };
  }
  // Several versions may come in one change, each of which counts the last number up.
  const current = (await findModel(change, model.project, model.name)) ?? model;
  await addVersion(change, current, {
    ...read,
    ...resolved,
    context,
    now: createdAt,
    description,
    link: given.link,
    tags,
    imported: { version, stage, updatedAt },
  });
  return { version, outcome: 'created', problem: problem === undefined ? undefined : toldOf(problem) };
}

const toldOf = ({ code, message }: RipenError) => ({ code, message });

/** Names of the aliases that moved. */
async function pointAliases(change: Change, model: ModelRow, aliases: Readonly<Record<string, number>>): Promise<string[]> {
  const moved: string[] = [];
  for (const [alias, version] of Object.entries(aliases)) {
    const target = await findVersion(change, model.number, version);
    if (target === undefined || target.deleted_at !== null) continue;
    await writeAlias(change, { model: model.number, alias }, version);
    moved.push(alias);
  }
  return moved;
}
