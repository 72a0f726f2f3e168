import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf, type ObjectStore } from '#kernel/objects/index.ts';
import { pipelineErrors } from '../errors.ts';
import type { CodeState, PipelineDefinition, StepDefinition } from '../model.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readGitState } from './git.ts';
import { createFileHasher } from './hash-files.ts';
import { importedFiles } from './imports.ts';
import { type Manifest, type ManifestEntry, manifestText } from './manifest.ts';
import { listPath, listProject } from './project-files.ts';

const mostFiles = 20_000;
const mostBytes = 500_000_000;

/** The code of a pipeline, kept as blobs: what its steps see and what decides their cache. */
export interface CodeSnapshot extends CodeState {
  /** Digest of the manifest of each step's code. */
  readonly steps: Readonly<Record<string, Digest>>;
}

export interface CodeSnapshots {
  /**
   * Keeps the present code of a pipeline's project.
   * @throws `pipelines.code-missing`, `pipelines.code-outside`, `pipelines.code-too-large`, `pipelines.contract-missing`
   */
  take(root: string, definition: PipelineDefinition): Promise<CodeSnapshot>;
}

export function createCodeSnapshots(objects: ObjectStore): CodeSnapshots {
  const hasher = createFileHasher();
  const kept = new Set<Digest>();

  async function keep(digest: Digest, put: () => Promise<unknown>): Promise<void> {
    if (kept.has(digest)) return;
    if (!(await objects.has(digest))) await put();
    kept.add(digest);
  }

  async function keepText(text: string): Promise<Digest> {
    const digest = digestOf(text);
    await keep(digest, () => objects.put(text, digest));
    return digest;
  }

  async function manifest(root: string, paths: Iterable<string>): Promise<Manifest> {
    const entries: [string, ManifestEntry][] = [];
    for (const path of [...paths].sort()) entries.push([path, await hasher.entry(root, path)]);
    const bytes = entries.reduce((sum, [, entry]) => sum + entry.size, 0);
    if (entries.length > mostFiles || bytes > mostBytes)
      throw pipelineErrors['code-too-large']({ files: entries.length, bytes, mostFiles, mostBytes });
    for (const [path, { digest }] of entries) await keep(digest, () => objects.putFile(join(root, path), digest));
    return Object.fromEntries(entries);
  }

  return {
    async take(root, definition) {
      const project = await listProject(root);
      const environment = await readEnvironment(
        root,
        project.filter((path) => !path.includes('/')),
      );
      const steps: Record<string, Digest> = {};
      const all: Record<string, ManifestEntry> = {};
      for (const step of definition.steps) {
        const files = await manifest(root, await stepFiles({ root, project, environment }, step));
        steps[step.name] = await keepText(manifestText(files));
        Object.assign(all, files);
      }
      const codeDigest = await keepText(manifestText(all));
      return { steps, codeDigest, environmentDigest: await keepText(environment.text), ...(await readGitState(root)) };
    },
  };
}

interface ProjectFolder {
  readonly root: string;
  readonly project: readonly string[];
  readonly environment: Environment;
}

/**
 * What a step may read: its declared code, the files that its command names, everything these import, its contracts and the lock
 * files. Nothing else is put before it, so nothing else can change its result.
 */
async function stepFiles({ root, project, environment }: ProjectFolder, step: StepDefinition): Promise<Set<string>> {
  for (const { contract } of step.publishes)
    if (contract !== undefined && !existsSync(join(root, contract)))
      throw pipelineErrors['contract-missing']({ step: step.name, path: contract });
  const contracts = step.publishes.flatMap(({ contract }) => contract ?? []);
  if (step.code === undefined) return new Set([...project, ...contracts]);
  const known = new Set(project);
  const wanted = [...contracts, ...environment.files, ...wordsOf(step.command).filter((word) => known.has(word))];
  for (const path of step.code) {
    const found = await listPath(root, path);
    if (found === undefined) throw pipelineErrors['code-missing']({ step: step.name, path });
    wanted.push(...found);
  }
  return closure(root, wanted, known);
}

async function closure(root: string, start: readonly string[], known: ReadonlySet<string>): Promise<Set<string>> {
  const files = new Set<string>();
  const waiting = [...start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    if (/\.(?:[cm]?[jt]sx?|py)$/.test(path)) waiting.push(...importedFiles(path, await readFile(join(root, path), 'utf8'), known));
  }
  return files;
}

function wordsOf(command: string): string[] {
  return command.split(/[\s"'=;|&<>()]+/).map((word) => word.replace(/^\.\//, ''));
}
