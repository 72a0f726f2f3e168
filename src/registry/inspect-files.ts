import { canonicalJson } from '#kernel/canonical-json.ts';
import { type Digest, digestOf, isDigest } from '#kernel/objects/index.ts';
import { registryErrors } from './errors.ts';
import { evaluationFile, isEvaluation, largestEvaluation, parseEvaluation } from './evaluation.ts';
import { type ModelDirectory, readDirectory } from './mlmodel/index.ts';
import type { Signature, VersionFile } from './model.ts';
import { checkFileName, checkText, limits } from './names.ts';
import { readOnnxSignature } from './onnx/read-signature.ts';
import type { Workshop } from './service.ts';

export const cardFile = 'card.md';

/** What the files of a version say, read before anything is written. */
export interface InspectedFiles {
  readonly files: readonly VersionFile[];
  /** Of the file that is the model; of the list of files, or of the source, where there is no such file. */
  readonly digest: Digest;
  readonly signature: Signature | undefined;
  /** What its `MLmodel` file says. */
  readonly directory: ModelDirectory | undefined;
  /** JSON text. */
  readonly evaluation: string | undefined;
  readonly card: string | undefined;
}

/** @throws `registry.no-model-file`, `registry.file-missing`, `registry.onnx-invalid`, `registry.evaluation-invalid`, `registry.name-invalid` */
export async function inspectFiles(workshop: Workshop, model: string, given: Readonly<Record<string, string>>): Promise<InspectedFiles> {
  const files = await storedFiles(workshop, given);
  const main = modelFileOf(files);
  if (main === undefined) throw registryErrors['no-model-file']({ model });
  const { objects } = workshop;
  const signature = main.name.endsWith('.onnx') ? await readOnnxSignature(await objects.path(main.digest), main.name) : undefined;
  const described = await readDirectory(objects, files);
  const evaluation = await readText(workshop, files, { name: evaluationFile, limit: largestEvaluation });
  if (evaluation !== undefined) parseEvaluation(evaluation);
  const card = await readText(workshop, files, { name: cardFile, limit: limits.card });
  return {
    files,
    digest: main.digest,
    signature: signature ?? described?.signature,
    directory: described?.directory,
    evaluation,
    card: card === undefined ? undefined : checkText('card', card),
  };
}

/**
 * What a directory that somebody else wrote says. Its `MLmodel` file must be whole and its ONNX model must be one; other files of a known
 * name may be something else.
 * @throws `registry.model-directory-invalid`, `registry.onnx-invalid`, `registry.file-missing`, `registry.name-invalid`
 */
export async function inspectDirectory(
  workshop: Workshop,
  given: Readonly<Record<string, string>>,
  source: string,
): Promise<InspectedFiles> {
  const files = await storedFiles(workshop, given);
  const main = onnxFileOf(files);
  const signature = main === undefined ? undefined : await readOnnxSignature(await workshop.objects.path(main.digest), main.name);
  const described = await readDirectory(workshop.objects, files);
  const small = (limit: number) => files.filter(({ size }) => size <= limit);
  const evaluation = await readText(workshop, small(largestEvaluation), { name: evaluationFile, limit: largestEvaluation });
  const card = await readText(workshop, small(limits.card), { name: cardFile, limit: limits.card });
  const content = files.length === 0 ? { source } : { files: Object.fromEntries(files.map(({ name, digest }) => [name, digest])) };
  return {
    files,
    digest: main?.digest ?? digestOf(canonicalJson(content)),
    signature: signature ?? described?.signature,
    directory: described?.directory,
    evaluation: evaluation !== undefined && isEvaluation(evaluation) ? evaluation : undefined,
    card: card?.includes('\0') === true ? undefined : card,
  };
}

async function storedFiles({ objects }: Workshop, given: Readonly<Record<string, string>>): Promise<VersionFile[]> {
  const names = Object.keys(given).toSorted();
  if (names.length > limits.files)
    throw registryErrors['value-too-long']({ what: 'list of files', length: names.length, limit: limits.files });
  const files: VersionFile[] = [];
  for (const name of names) {
    const digest = given[name] ?? '';
    checkFileName(name);
    if (!isDigest(digest) || !(await objects.has(digest)))
      throw registryErrors['file-missing']({ file: name, digest: digest.slice(0, 100) });
    files.push({ name, digest, size: await objects.size(digest) });
  }
  return files;
}

/** The file that is the model: `model.onnx`, else another ONNX file, else the first one. Names come in order. */
export function modelFileOf<File extends { readonly name: string }>(files: readonly File[]): File | undefined {
  return files.find(({ name }) => name === 'model.onnx') ?? files.find(({ name }) => name.endsWith('.onnx')) ?? files[0];
}

/** Of a directory that somebody else wrote: `model.onnx`, else its only ONNX file. Parts of a larger model are no models. */
function onnxFileOf(files: readonly VersionFile[]): VersionFile | undefined {
  const onnx = files.filter(({ name }) => name.endsWith('.onnx'));
  return onnx.find(({ name }) => name === 'model.onnx') ?? (onnx.length === 1 ? onnx[0] : undefined);
}

async function readText(
  { objects }: Workshop,
  files: readonly VersionFile[],
  wanted: { name: string; limit: number },
): Promise<string | undefined> {
  const file = files.find(({ name }) => name === wanted.name);
  if (file === undefined) return undefined;
  if (file.size > wanted.limit) throw registryErrors['value-too-long']({ what: wanted.name, length: file.size, limit: wanted.limit });
  return (await objects.read(file.digest)).toString('utf8');
}
