import { type Digest, isDigest } from '#kernel/objects/index.ts';
import { registryErrors } from './errors.ts';
import { evaluationFile, largestEvaluation, parseEvaluation } from './evaluation.ts';
import type { Signature, VersionFile } from './model.ts';
import { checkFileName, checkText, limits } from './names.ts';
import { readOnnxSignature } from './onnx/read-signature.ts';
import type { Workshop } from './service.ts';

export const cardFile = 'card.md';

/** What the files of a version say, read before anything is written. */
export interface InspectedFiles {
  readonly files: readonly VersionFile[];
  /** Of the file that is the model. */
  readonly digest: Digest;
  readonly signature: Signature | undefined;
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
  const evaluation = await readText(workshop, files, { name: evaluationFile, limit: largestEvaluation });
  if (evaluation !== undefined) parseEvaluation(evaluation);
  const card = await readText(workshop, files, { name: cardFile, limit: limits.card });
  return { files, digest: main.digest, signature, evaluation, card: card === undefined ? undefined : checkText('card', card) };
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
