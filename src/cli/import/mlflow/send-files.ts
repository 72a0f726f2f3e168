import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { RipenError } from '#kernel/errors.ts';
import { url } from '../../url.ts';
import type { Kind } from './report.ts';
import { eachAtOnce, type ImportSession, insist } from './session.ts';
import type { SourceFile, SourcePlace } from './source.ts';

const filesAtOnce = 4;

export interface Upload {
  readonly place: SourcePlace;
  readonly files: readonly SourceFile[];
  /** Digests of files that may be there from an earlier try, by name. */
  readonly present: ReadonlyMap<string, { readonly size: number; readonly digest: string }>;
  readonly kind: Kind;
}

/** The files of a holder at the source. Where they cannot be listed that is told, and `failed` says so. */
export async function listFiles(
  session: ImportSession,
  place: SourcePlace,
  kind: Kind,
): Promise<{ readonly files: readonly SourceFile[] | undefined; readonly failed: boolean }> {
  try {
    return { files: await session.source.files(place), failed: false };
  } catch (error) {
    if (session.signal.aborted || !isOfFile(error)) throw error;
    session.tally.lack({ kind, id: place.id, problem: error instanceof Error ? error.message : String(error) });
    return { files: [], failed: true };
  }
}

/** Sends the files of a holder, and says how many of them are there now. What cannot be read is told and left out. */
export async function sendFiles(session: ImportSession, upload: Upload): Promise<number> {
  let there = 0;
  await eachAtOnce(upload.files, filesAtOnce, async (file) => {
    session.signal.throwIfAborted();
    const problem = await sendFile(session, upload, file);
    if (problem === undefined) there += 1;
    else session.tally.lack({ kind: upload.kind, id: `${upload.place.id}/${file.name}`, problem });
  });
  return there;
}

async function sendFile(session: ImportSession, { place, present, kind }: Upload, file: SourceFile): Promise<string | undefined> {
  const { report } = session.tally;
  const before = present.get(file.name);
  try {
    if (before !== undefined && before.size === file.size && (await digestOf(session, place, file)) === before.digest) return undefined;
    const sent = await insist(session, () => put(session, place, file));
    report.bytes += sent.size;
    session.tally.add(kind, { brought: 1 });
    session.task.update({ note: `${place.id.slice(0, 12)}/${file.name}` });
    if (sent.kept === undefined) return undefined;
    report.compared.files += 1;
    return sent.kept === sent.digest ? undefined : `its content arrived as ${sent.kept} and is ${sent.digest}`;
  } catch (error) {
    if (session.signal.aborted || !isOfFile(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** The source cannot read it, or Ripen does not take its name. Anything else ends the import. */
function isOfFile(error: unknown): boolean {
  if (error instanceof RipenError) return ['input', 'not-found', 'limit', 'conflict'].includes(error.kind);
  return error instanceof Error && ('code' in error || error.name === 'SourceFileError');
}

async function digestOf(session: ImportSession, place: SourcePlace, file: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await session.source.open(place, file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

async function put(
  session: ImportSession,
  place: SourcePlace,
  file: SourceFile,
): Promise<{ size: number; digest: string; kept: string | undefined }> {
  const hash = createHash('sha256');
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const content = await session.source.open(place, file);
  let failed: Error | undefined;
  content.on('error', (error) => {
    failed = error;
    counted.destroy(error);
  });
  const body = Readable.toWeb(content.pipe(counted)) as ReadableStream<Uint8Array>;
  try {
    const answer = await session.client.raw('PUT', addressOf(session, place, file), {
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const text = await answer.text();
    const kept = place.kind === 'trace' ? undefined : (JSON.parse(text) as { digest: string }).digest;
    return { size, digest: `sha256:${hash.digest('hex')}`, kept };
  } catch (error) {
    throw failed ?? error;
  } finally {
    content.destroy();
  }
}

function addressOf(session: ImportSession, { kind, id, experiment }: SourcePlace, { name }: SourceFile): string {
  if (kind === 'run') return `${session.base}/runs/${encodeURIComponent(id)}/artifacts/${encodeURIComponent(name)}`;
  if (kind === 'logged-model') return `${session.base}/logged-models/${encodeURIComponent(id)}/files/${encodeURIComponent(name)}`;
  const sequence = session.experiments.get(experiment)?.sequence ?? 0;
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `${url`/projects/${session.project}/api/2.0/mlflow-artifacts/artifacts/${sequence}/traces/${id}/artifacts/`}${path}`;
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly digest?: string;
}

/** Every file that a run or logged model has in Ripen. */
export async function presentFiles(session: ImportSession, place: SourcePlace): Promise<Map<string, { size: number; digest: string }>> {
  const found = new Map<string, { size: number; digest: string }>();
  if (place.kind === 'trace') return found;
  const path =
    place.kind === 'run'
      ? `${session.base}/runs/${encodeURIComponent(place.id)}/artifacts`
      : `${session.base}/logged-models/${encodeURIComponent(place.id)}/files`;
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let after: string | undefined;
    do {
      const at = { folder, limit: 1000, ...(after === undefined ? {} : { after }) };
      const page = await insist(session, () => session.client.get<{ items: Entry[]; next?: string }>(path, at));
      for (const entry of page.items) {
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.kind === 'folder') folders.push(name);
        else found.set(name, { size: entry.size, digest: entry.digest ?? '' });
      }
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}
