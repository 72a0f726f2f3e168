import { Readable } from 'node:stream';
import type { Artifact } from '../model.ts';
import type { Workshop } from '../service.ts';
import { artifactErrors } from './errors.ts';
import { allFiles, openFile } from './files.ts';
import { type ArtifactPlace, holderLabel } from './holder.ts';
import { zipFiles } from './zip-files.ts';

/**
 * A ZIP file with all that lies in a folder of a holder; names in it begin at that folder.
 * @throws `tracking.artifact-not-found` when nothing lies there
 */
export async function zipFolder(workshop: Workshop, place: ArtifactPlace): Promise<Readable> {
  const files = await allFiles(workshop, place);
  if (files.length === 0) throw artifactErrors['artifact-not-found']({ holder: holderLabel(place.holder), artifact: place.name });
  const skipped = place.name === '' ? 0 : place.name.length + 1;
  const named = files.map((file) => ({ ...file, name: file.name.slice(skipped), whole: file }));
  const open = ({ whole }: { whole: Artifact }) => openFile(workshop, whole);
  return Readable.from(zipFiles(named, open), { objectMode: false });
}

/** Offers a ZIP file to be saved under a name. */
export function zipResponse(zip: Readable, name: string): Response {
  const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-') || 'files'}.zip`;
  const headers = {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  };
  // The same bytes under two names: a stream of node, and one of the standard.
  return new Response(Readable.toWeb(zip) as ReadableStream<Uint8Array>, { headers });
}
