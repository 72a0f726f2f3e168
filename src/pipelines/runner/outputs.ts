import { chmod, copyFile, link, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest, ObjectStore } from '#kernel/objects/index.ts';
import { manifestText, type Manifest, readManifest } from '../code/manifest.ts';
import { systemCode } from '../code/system-code.ts';
import { pipelineErrors } from '../errors.ts';
import type { StepDefinition, StepOutput, StepRun } from '../model.ts';

/**
 * Keeps what a step wrote: a file as its blob, a folder as the blobs of its files and a manifest.
 * @throws `pipelines.output-missing`, `pipelines.output-unreadable`
 */
export async function keepOutputs(
  objects: ObjectStore,
  step: StepDefinition,
  pathOf: (output: string) => string,
): Promise<Record<string, StepOutput>> {
  const kept: Record<string, StepOutput> = {};
  for (const [output, declared] of Object.entries(step.outputs)) {
    const path = pathOf(output);
    const found = await stat(path).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') throw pipelineErrors['output-missing']({ step: step.name, output, path: declared }, error);
      throw error;
    });
    const unreadable = (reason: string) => pipelineErrors['output-unreadable']({ step: step.name, output, reason });
    if (found.isFile()) {
      await chmod(path, 0o444);
      kept[output] = { kind: 'file', ...(await objects.putFile(path)) };
    } else if (found.isDirectory()) kept[output] = await keepFolder(objects, path, unreadable);
    else throw unreadable('it is neither a file nor a folder');
  }
  return kept;
}

async function keepFolder(objects: ObjectStore, folder: string, unreadable: (reason: string) => Error): Promise<StepOutput> {
  const files: Record<string, Manifest[string]> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) throw unreadable(`${path} in it is not a plain file`);
    files[path.slice(folder.length + 1)] = await objects.putFile(path);
  }
  const { digest } = await objects.put(manifestText(files));
  const size = Object.values(files).reduce((sum, file) => sum + file.size, 0);
  return { kind: 'directory', digest, size, files: Object.keys(files).length };
}

/** Puts a kept output where another step reads it, as links to the blobs where the file system can. */
export async function restoreOutput(objects: ObjectStore, output: StepOutput, target: string): Promise<void> {
  if (output.kind === 'file') return linkBlob(objects, output.digest, target);
  await mkdir(target, { recursive: true });
  for (const [path, { digest }] of Object.entries(await readManifest(objects, output.digest)))
    await linkBlob(objects, digest, join(target, path));
}

async function linkBlob(objects: ObjectStore, digest: Digest, target: string): Promise<void> {
  const source = await objects.path(digest);
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    // Another file system, or one without hard links.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
    await copyFile(source, target);
  }
}

/** Everything that a reuse of this result would need is still there. */
export async function isComplete(objects: ObjectStore, result: StepRun): Promise<boolean> {
  for (const output of Object.values(result.outputs)) {
    if (!(await objects.has(output.digest))) return false;
    if (output.kind !== 'directory') continue;
    for (const { digest } of Object.values(await readManifest(objects, output.digest))) if (!(await objects.has(digest))) return false;
  }
  return result.runLog === undefined || objects.has(result.runLog);
}
