import { asRecord } from './flavor-paths.ts';
import type { ModelEnvironment } from './model.ts';
import { text } from './read-model-file.ts';
import { readYaml } from './read-yaml.ts';

const mostRequirements = 1000;

/** What a model directory says about the Python it needs. The texts are those of its files; a file that it lacks is undefined. */
export interface EnvironmentTexts {
  readonly conda: string | undefined;
  readonly virtualenv: string | undefined;
  readonly requirements: string | undefined;
}

/** @throws Error naming the file that cannot be read */
export function readEnvironment(texts: EnvironmentTexts, pythonVersion: string | undefined): Omit<ModelEnvironment, 'files'> {
  const conda = condaFile(texts.conda);
  const python = texts.virtualenv === undefined ? undefined : text(asRecord(yaml('python_env.yaml', texts.virtualenv))['python']);
  const requirements = texts.requirements === undefined ? conda.requirements : requirementLines(texts.requirements);
  return { python: pythonVersion ?? python ?? conda.python, requirements: requirements.slice(0, mostRequirements) };
}

function condaFile(written: string | undefined): { python: string | undefined; requirements: string[] } {
  if (written === undefined) return { python: undefined, requirements: [] };
  const { dependencies } = asRecord(yaml('conda.yaml', written));
  const entries = Array.isArray(dependencies) ? (dependencies as readonly unknown[]) : [];
  const python = entries.flatMap((entry) => (typeof entry === 'string' ? (/^python\s*=+\s*([\w.]+)/.exec(entry)?.[1] ?? []) : []))[0];
  const pip = entries.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'pip' in entry && Array.isArray(entry.pip) ? (entry.pip as readonly unknown[]) : [],
  );
  return { python, requirements: pip.filter((line) => typeof line === 'string') };
}

function yaml(file: string, written: string) {
  try {
    return readYaml(written);
  } catch (error) {
    throw new Error(`${file} cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function requirementLines(written: string): string[] {
  return written
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
