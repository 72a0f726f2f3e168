import { chmod, constants, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Json } from '#kernel/canonical-json.ts';
import type { Digest, ObjectStore } from '#kernel/objects/index.ts';
import { type Manifest, readManifest } from '../code/manifest.ts';
import type { StepDefinition } from '../model.ts';

/** Folder of one pipeline run: `work/<pipeline run>/<step>/` with `code` (where the step runs), `outputs`, `home`, `tmp`. */
export interface Workspace {
  readonly root: string;
  stepFolder(step: string): string;
  logPath(step: string): string;
  outputPath(step: StepDefinition, output: string): string;
  /** A fresh folder for one attempt: nothing of an earlier one is left but its log. */
  prepare(step: StepDefinition, code: Digest, parameters: Readonly<Record<string, Json>>): Promise<void>;
  manifest(digest: Digest): Promise<Manifest>;
  remove(): Promise<void>;
}

export function createWorkspace(options: {
  readonly home: string;
  readonly pipelineRun: string;
  readonly objects: ObjectStore;
  readonly nodeModules: string | undefined;
}): Workspace {
  const root = workspaceRoot(options.home, options.pipelineRun);
  const manifests = new Map<Digest, Promise<Manifest>>();
  const stepFolder = (step: string): string => join(root, step);
  const outputPath = (step: StepDefinition, output: string): string =>
    join(stepFolder(step.name), 'outputs', step.outputs[output] ?? output);

  function manifest(digest: Digest): Promise<Manifest> {
    const found = manifests.get(digest) ?? readManifest(options.objects, digest);
    manifests.set(digest, found);
    return found;
  }

  return {
    root,
    stepFolder,
    outputPath,
    manifest,
    logPath: (step) => stepLogPath(options.home, options.pipelineRun, step),
    async prepare(step, code, parameters) {
      const folder = stepFolder(step.name);
      await Promise.all(['code', 'outputs', 'home', 'tmp'].map((name) => rm(join(folder, name), { recursive: true, force: true })));
      await Promise.all(['code', 'outputs', 'home', 'tmp'].map((name) => mkdir(join(folder, name), { recursive: true })));
      for (const output of Object.keys(step.outputs)) await mkdir(dirname(outputPath(step, output)), { recursive: true });
      await writeFile(join(folder, 'parameters.json'), JSON.stringify(parameters));
      await writeFile(join(folder, 'run-log.jsonl'), '');
      await copyCode(options.objects, await manifest(code), join(folder, 'code'));
      if (options.nodeModules !== undefined) await symlink(options.nodeModules, join(folder, 'code', 'node_modules'), 'dir');
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Holds the workspaces of all runs. */
export function workFolder(home: string): string {
  return join(home, 'work');
}

export function workspaceRoot(home: string, pipelineRun: string): string {
  return join(workFolder(home), pipelineRun);
}

/** The log of a step while it runs. */
export function stepLogPath(home: string, pipelineRun: string, step: string): string {
  return join(workspaceRoot(home, pipelineRun), step, 'log.txt');
}

/** Copies, not links: a step that writes into its own code must not reach the kept blob. */
async function copyCode(objects: ObjectStore, files: Manifest, target: string): Promise<void> {
  const folders = new Set(Object.keys(files).map((path) => dirname(join(target, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const copy = async ([path, entry]: [string, Manifest[string]]): Promise<void> => {
    await copyFile(await objects.path(entry.digest), join(target, path), constants.COPYFILE_FICLONE);
    await chmod(join(target, path), entry.executable === true ? 0o755 : 0o644);
  };
  const entries = Object.entries(files);
  for (let start = 0; start < entries.length; start += 16) await Promise.all(entries.slice(start, start + 16).map(copy));
}
