import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, type Json } from '#kernel/canonical-json.ts';

const lockFiles = new Set([
  'package.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'Pipfile.lock',
  'pdm.lock',
  'environment.yml',
  'renv.lock',
  'Cargo.lock',
  'go.sum',
]);
const isLockFile = (path: string): boolean => lockFiles.has(path) || /^requirements[\w.-]*\.txt$/.test(path);

/** What a step runs on: locked packages and runtimes. Its digest is that of `text`. */
export interface Environment {
  /** Canonical JSON: { files: { name: digest }, runtimes: { name: version } }. */
  readonly text: string;
  /** Lock files in the project folder; steps see them. */
  readonly files: readonly string[];
  /** Absolute folder of the installed packages, where there is one. */
  readonly nodeModules: string | undefined;
}

/** Reads the environment of a project from its top-level files and the packages that its code would find. */
export async function readEnvironment(root: string, topLevel: readonly string[]): Promise<Environment> {
  const files = topLevel.filter(isLockFile).sort();
  const nodeModules = findNodeModules(root);
  const digests: Record<string, string> = {};
  for (const file of files) digests[file] = await digestOfFile(join(root, file));
  // npm's record of what is really installed says more than the wish in the lock file.
  const installed = nodeModules === undefined ? undefined : join(nodeModules, '.package-lock.json');
  if (installed !== undefined && existsSync(installed)) digests['node_modules'] = await digestOfFile(installed);
  const runtimes: Record<string, Json> = { node: process.versions.node, platform: `${platform()}-${arch()}` };
  if (topLevel.some((file) => file.endsWith('.py') || /^(?:requirements|pyproject|uv|poetry|Pipfile)/.test(file)))
    runtimes['python'] = await pythonVersion();
  return { text: canonicalJson({ files: digests, runtimes }), files, nodeModules };
}

/** As Node resolves: the nearest `node_modules` upwards; without any, the packages that Ripen itself brings. */
export function findNodeModules(root: string): string | undefined {
  return nearestNodeModules(root) ?? nearestNodeModules(dirname(fileURLToPath(import.meta.url)));
}

function nearestNodeModules(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

async function digestOfFile(path: string): Promise<string> {
  return `sha256:${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;
}

let python: Promise<string> | undefined;

/** Asked once in the life of the process: a runtime that is exchanged under a running server is seen after its next start. */
function pythonVersion(): Promise<string> {
  python ??= new Promise((resolve) => {
    execFile('python3', ['--version'], { timeout: 5000 }, (error, stdout) =>
      resolve(error === null ? stdout.trim().replace('Python ', '') : 'none'),
    );
  });
  return python;
}
