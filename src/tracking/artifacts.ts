import type { ChangeContext } from '#kernel/events/index.ts';
import { type ByteRange, isDigest, type ObjectContent, parseDigest, type StoredObject } from '#kernel/objects/index.ts';
import { deleteArtifacts, findArtifact, type FolderEntry, listArtifacts, listFolder, setArtifact } from './artifact-store.ts';
import { trackingErrors } from './errors.ts';
import { mediaTypeOf } from './media-type.ts';
import type { Artifact } from './model.ts';
import { checkArtifactName } from './names.ts';
import { findRun, holdRun, type LabelledRunRow } from './run-store.ts';
import { changeRun, required, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from './service.ts';

/** A local file, a blob that is stored already, or the bytes themselves. */
export type ArtifactContent = { readonly path: string } | { readonly digest: string } | { readonly content: ObjectContent };

/**
 * Keeps the bytes, then the row: a crash in between leaves a blob without a name, never a name without its bytes. A name
 * that exists gets the new content.
 * @throws `tracking.name-invalid`, `tracking.run-not-found`, `tracking.run-deleted`, `tracking.artifact-blob-missing`
 */
export async function putArtifact(
  workshop: Workshop,
  address: RunAddress,
  artifact: { name: string } & ArtifactContent,
): Promise<Artifact> {
  const name = checkArtifactName(artifact.name);
  // Before gigabytes are taken in for nothing.
  open(await find(workshop, address));
  const { digest, size } = await store(workshop, name, artifact);
  const mediaType = mediaTypeOf(name);
  const storedAt = workshop.clock.now();
  await workshop.database.transaction(async (tx) => {
    const run = open(required(await holdRun(tx, address.run), address));
    await setArtifact(tx, { run: run.number, name, digest, size, media_type: mediaType, stored_at: storedAt });
  });
  return { name, digest, size, mediaType, storedAt };
}

async function store({ objects }: Workshop, name: string, content: ArtifactContent): Promise<StoredObject> {
  if ('path' in content) return objects.putFile(content.path);
  if ('content' in content) return objects.put(content.content);
  if (!isDigest(content.digest) || !(await objects.has(content.digest))) {
    throw trackingErrors['artifact-blob-missing']({ artifact: name, digest: content.digest.slice(0, 100) });
  }
  return { digest: content.digest, size: await objects.size(content.digest) };
}

/** @throws `tracking.artifact-not-found` */
export async function getArtifact(workshop: Workshop, address: RunAddress, name: string): Promise<Artifact> {
  const run = await find(workshop, address);
  const artifact = await findArtifact(workshop.database, run.number, name);
  if (artifact === undefined) throw trackingErrors['artifact-not-found']({ run: run.id, artifact: name.slice(0, 200) });
  return artifact;
}

export async function readArtifact(workshop: Workshop, artifact: Artifact, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
  return workshop.objects.get(parseDigest(artifact.digest), range);
}

/** What lies directly in a folder of the run's artifacts. */
export async function pageOfArtifacts(
  workshop: Workshop,
  address: RunAddress,
  page: { folder: string; after?: string | undefined; limit: number },
): Promise<{ items: FolderEntry[]; next?: string }> {
  const folder = page.folder.replace(/\/+$/, '');
  if (folder !== '') checkArtifactName(folder);
  const run = await find(workshop, address);
  const found = await listFolder(workshop.database, run.number, { ...page, folder, limit: page.limit + 1 });
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  const next = found.length > page.limit && last !== undefined ? `${last.name}${last.kind === 'folder' ? '/' : ''}` : undefined;
  return { items, ...(next === undefined ? {} : { next }) };
}

/** Every artifact of the run. */
export async function allArtifacts(workshop: Workshop, address: RunAddress): Promise<Artifact[]> {
  return listArtifacts(workshop.database, (await find(workshop, address)).number);
}

/** Takes away an artifact or a folder; emits `run.artifact.deleted`. The bytes stay until nothing refers to them. */
export async function deleteArtifact(workshop: Workshop, context: ChangeContext, of: RunAddress & { name: string }): Promise<void> {
  await changeRun(workshop, context, of, async (change, run) => {
    const files = await deleteArtifacts(change, run.number, of.name);
    if (files === 0) throw trackingErrors['artifact-not-found']({ run: run.id, artifact: of.name.slice(0, 200) });
    change.emit({ type: 'run.artifact.deleted', source, subject: runSubject(run), data: { run: run.id, artifact: of.name, files } });
  });
}

async function find({ database }: Workshop, address: RunAddress): Promise<LabelledRunRow> {
  return required(await findRun(database, address.run, address.project), address);
}

function open<Row extends { readonly id: string; readonly deleted_at: number | null }>(run: Row): Row {
  if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
  return run;
}
