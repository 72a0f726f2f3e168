import type { Readable } from 'node:stream';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Queryable } from '#kernel/database/index.ts';
import { type ByteRange, isDigest, type ObjectContent, parseDigest, type StoredObject } from '#kernel/objects/index.ts';
import { trackingErrors } from '../errors.ts';
import { findLoggedModel, holdLoggedModel } from '../logged-models/model-store.ts';
import { loggedModelErrors } from '../logged-models/errors.ts';
import type { Artifact } from '../model.ts';
import { checkArtifactName } from '../names.ts';
import { findRun, holdRun } from '../runs/run-store.ts';
import { required } from '../runs/runs.ts';
import { source, type Workshop } from '../service.ts';
import { artifactErrors } from './errors.ts';
import { deleteFiles, findFile, findObstacle, type FolderEntry, type FolderPage, listFiles, listFolder, setFile } from './file-store.ts';
import { type ArtifactHolder, type ArtifactPlace, holderLabel } from './holder.ts';
import { mediaTypeOf } from './media-type.ts';
import { folderOf } from './shared-folders.ts';
import { projectShelf, runShelf, type Shelf } from './shelf.ts';

/** A local file, a blob that is stored already, or the bytes themselves. */
export type ArtifactContent = { readonly path: string } | { readonly digest: string } | { readonly content: ObjectContent };

/**
 * Keeps the bytes, then the row: a crash in between leaves a blob without a name, never a name without its bytes. A name
 * that exists gets the new content.
 * @throws `tracking.name-invalid`, `tracking.run-not-found`, `tracking.run-deleted`, `tracking.logged-model-not-found`,
 * `tracking.artifact-blob-missing`, `tracking.artifact-in-the-way`
 */
export async function putFile(workshop: Workshop, place: ArtifactPlace, content: ArtifactContent): Promise<Artifact> {
  const name = checkArtifactName(place.name);
  // Before gigabytes are taken in for nothing.
  await shelfOf(workshop.database, place.holder, 'write');
  const { digest, size } = await store(workshop, name, content);
  const file = { name, digest, size, mediaType: mediaTypeOf(name), storedAt: workshop.clock.now() };
  await workshop.database.transaction(async (tx) => {
    const shelf = await shelfOf(tx, place.holder, 'hold');
    const obstacle = await findObstacle(tx, shelf, name);
    if (obstacle !== undefined) throw artifactErrors['artifact-in-the-way']({ artifact: name, other: obstacle });
    await setFile(tx, shelf, { name, digest, size, media_type: file.mediaType, stored_at: file.storedAt });
  });
  return file;
}

async function store({ objects }: Workshop, name: string, content: ArtifactContent): Promise<StoredObject> {
  if ('path' in content) return objects.putFile(content.path);
  if ('content' in content) return objects.put(content.content);
  if (!isDigest(content.digest) || !(await objects.has(content.digest))) {
    throw artifactErrors['artifact-blob-missing']({ artifact: name, digest: content.digest.slice(0, 100) });
  }
  return { digest: content.digest, size: await objects.size(content.digest) };
}

/** @throws `tracking.artifact-not-found`, and when there is no such holder */
export async function getFile(workshop: Workshop, { holder, name }: ArtifactPlace): Promise<Artifact> {
  const { database } = workshop;
  const found =
    holder.kind === 'shared'
      ? (await sharedFiles(workshop, holder, name)).find((file) => file.name === name)
      : await findFile(database, await shelfOf(database, holder, 'read'), name);
  if (found === undefined) throw artifactErrors['artifact-not-found']({ holder: holderLabel(holder), artifact: name.slice(0, 200) });
  return found;
}

/** The bytes as a stream of the fetch standard. */
export async function readFile({ objects }: Workshop, file: Artifact, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
  return objects.get(parseDigest(file.digest), range);
}

/** The bytes as a stream of node. */
export async function openFile({ objects }: Workshop, file: Artifact, range?: ByteRange): Promise<Readable> {
  return objects.open(parseDigest(file.digest), range);
}

/** What lies directly in a folder of the holder; of a folder that is not there nothing. */
export async function pageOfFiles(
  workshop: Workshop,
  holder: ArtifactHolder,
  page: FolderPage,
): Promise<{ items: FolderEntry[]; next?: string }> {
  const folder = page.folder.replace(/\/+$/, '');
  if (folder !== '') checkArtifactName(folder);
  const wanted = { ...page, folder, limit: page.limit + 1 };
  const { database } = workshop;
  const found =
    holder.kind === 'shared'
      ? folderOf(await sharedFiles(workshop, holder, folder), wanted)
      : await listFolder(database, await shelfOf(database, holder, 'read'), wanted);
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  const next = found.length > page.limit && last !== undefined ? `${last.name}${last.kind === 'folder' ? '/' : ''}` : undefined;
  return { items, ...(next === undefined ? {} : { next }) };
}

/** Every file of the holder, or of one folder of it. */
export async function allFiles(workshop: Workshop, { holder, name }: ArtifactPlace): Promise<Artifact[]> {
  if (holder.kind === 'shared') return sharedFiles(workshop, holder, name);
  return listFiles(workshop.database, await shelfOf(workshop.database, holder, 'read'), name);
}

async function sharedFiles(
  { shared }: Workshop,
  { project, folder }: ArtifactHolder & { kind: 'shared' },
  name: string,
): Promise<Artifact[]> {
  return [...((await shared.find(folder)?.(project, name)) ?? [])];
}

/** Takes away a file or a folder, says how many files went, and emits so. The bytes stay until nothing refers to them. */
export async function removeFiles(workshop: Workshop, context: ChangeContext, place: ArtifactPlace): Promise<number> {
  const { holder, name } = place;
  const project =
    holder.kind === 'run' ? required(await findRun(workshop.database, holder.run, holder.project), holder).project : holder.project;
  return workshop.events.change({ ...context, project }, async (change) => {
    const files = await deleteFiles(change, await shelfOf(change, holder, 'hold'), name);
    if (files > 0) change.emit({ ...deletedEvent(holder, project), source, data: { ...dataOf(holder), artifact: name, files } });
    return files;
  });
}

function deletedEvent(holder: ArtifactHolder, project: string): { type: string; subject: string } {
  if (holder.kind === 'run') return { type: 'run.artifact.deleted', subject: `projects/${project}/runs/${holder.run}` };
  if (holder.kind === 'logged-model')
    return { type: 'logged-model.artifact.deleted', subject: `projects/${project}/logged-models/${holder.model}` };
  if (holder.kind === 'trace') return { type: 'trace.artifact.deleted', subject: `projects/${project}/traces/${holder.trace}` };
  return { type: 'project.file.deleted', subject: `projects/${project}` };
}

function dataOf(holder: ArtifactHolder) {
  if (holder.kind === 'run') return { run: holder.run };
  if (holder.kind === 'logged-model') return { model: holder.model };
  return holder.kind === 'trace' ? { trace: holder.trace } : {};
}

/**
 * Where the holder's files stand. `write` also asks whether it takes any; `hold` does so in a transaction and holds it until that
 * ends.
 */
async function shelfOf(from: Queryable, holder: ArtifactHolder, way: 'read' | 'write' | 'hold'): Promise<Shelf> {
  if (holder.kind === 'run') {
    const run = required(way === 'hold' ? await holdRun(from, holder.run) : await findRun(from, holder.run, holder.project), holder);
    if (way !== 'read' && run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    return runShelf(run.number);
  }
  if (holder.kind === 'shared') throw artifactErrors['artifact-read-only']({ holder: holderLabel(holder) });
  if (holder.kind === 'trace') return projectShelf(holder.project, `trace/${holder.trace}`);
  if (holder.kind === 'project') return projectShelf(holder.project, '');
  const { project, model: id } = holder;
  const model = way === 'hold' ? await holdLoggedModel(from, project, id) : await findLoggedModel(from, project, id);
  if (model === undefined || model.deleted_at !== null) throw loggedModelErrors['logged-model-not-found']({ model: id, project });
  return projectShelf(project, `model/${id}`);
}
