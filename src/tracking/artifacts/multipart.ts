import type { Readable } from 'node:stream';
import { objectErrors, type UploadPart } from '#kernel/objects/index.ts';
import type { Artifact } from '../model.ts';
import { checkArtifactName } from '../names.ts';
import type { Workshop } from '../service.ts';
import { checkArtifactPath } from './artifact-path.ts';
import { artifactErrors } from './errors.ts';
import { putFile } from './files.ts';
import { resolveArtifactPath } from './resolve.ts';

/** How long an upload in parts may take. */
export const uploadLastsMs = 24 * 60 * 60 * 1000;
const mostParts = 10_000;
/** How many completed uploads are remembered, for clients that did not hear the answer. */
const remembered = 1000;

export interface MultipartTarget {
  readonly project: string;
  readonly path: string;
}

/** Files that come in parts, in any order and several at once, and are put together when all are there. */
export interface MultipartUploads {
  /** @throws `tracking.upload-parts-invalid`, `tracking.artifact-path-invalid` */
  begin(target: MultipartTarget, parts: number): Promise<{ readonly id: string; readonly expiresAt: number }>;
  /** The tag that `complete` asks for. @throws `kernel.upload-gone` */
  add(upload: string, part: number, content: Readable): Promise<UploadPart>;
  /** Completing again what was completed does nothing. @throws `kernel.upload-gone`, `tracking.upload-mismatch`, `tracking.upload-parts-invalid` */
  complete(target: MultipartTarget, upload: string, parts: readonly UploadPart[]): Promise<Artifact>;
  /** Does nothing when there is none. */
  abort(target: MultipartTarget, upload: string): Promise<void>;
}

interface Note extends MultipartTarget {
  readonly parts: number;
}

export function createMultipartUploads(workshop: Workshop): MultipartUploads {
  const { uploads } = workshop.objects;
  const completions = new Map<string, Promise<Artifact>>();

  const complete = async (target: MultipartTarget, upload: string, parts: readonly UploadPart[]): Promise<Artifact> => {
    const found = await uploads.find(upload);
    if (found === undefined) throw objectErrors['upload-gone']({ upload: upload.slice(0, 100) });
    checkTarget(target, upload, found.note);
    const ordered = checkParts(parts, noteOf(found.note).parts);
    const place = await resolveArtifactPath(workshop, target.project, target.path);
    const file = await putFile(workshop, place, { content: await uploads.join(upload, ordered) });
    await uploads.drop(upload);
    return file;
  };

  return {
    async begin({ project, path }, parts) {
      if (!Number.isInteger(parts) || parts < 0 || parts > mostParts)
        throw artifactErrors['upload-parts-invalid']({ problem: `${parts} parts were announced` });
      const checked = checkArtifactPath(path);
      checkArtifactName((await resolveArtifactPath(workshop, project, checked)).name);
      const note: Note = { project, path: checked, parts };
      const { id, expiresAt } = await uploads.begin({ note: JSON.stringify(note), expiresAt: workshop.clock.now() + uploadLastsMs });
      return { id, expiresAt };
    },
    add: (upload, part, content) => uploads.add(upload, part, content),
    complete(target, upload, parts) {
      const key = JSON.stringify([target.project, checkArtifactPath(target.path), upload]);
      const known = completions.get(key);
      if (known !== undefined) return known;
      const completion = complete({ ...target, path: checkArtifactPath(target.path) }, upload, parts);
      completions.set(key, completion);
      if (completions.size > remembered) completions.delete(completions.keys().next().value ?? '');
      // What failed may be tried again; whoever asked hears of it.
      completion.catch(() => completions.delete(key));
      return completion;
    },
    async abort({ project, path }, upload) {
      const found = await uploads.find(upload);
      if (found === undefined) return;
      checkTarget({ project, path: checkArtifactPath(path) }, upload, found.note);
      await uploads.drop(upload);
    },
  };
}

function checkTarget(target: MultipartTarget, upload: string, note: string): void {
  const { project, path } = noteOf(note);
  if (project !== target.project || path !== target.path) throw artifactErrors['upload-mismatch']({ upload });
}

function noteOf(note: string): Note {
  // Written by `begin`.
  return JSON.parse(note) as Note;
}

/** All announced parts in their order; a file with a hole is none. */
function checkParts(parts: readonly UploadPart[], wanted: number): readonly UploadPart[] {
  const ordered = parts.toSorted((a, b) => a.number - b.number);
  if (ordered.length !== wanted || ordered.some(({ number }, index) => number !== index + 1))
    throw artifactErrors['upload-parts-invalid']({ problem: `parts 1 to ${wanted} were announced, and ${parts.length} are named` });
  return ordered;
}
