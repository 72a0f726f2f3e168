import type { Json } from '#kernel/canonical-json.ts';
import type { Digest, ObjectStore } from '#kernel/objects/index.ts';
import type { Signature, VersionFile } from '../model.ts';
import { checkPaths, pathWithin } from './check-paths.ts';
import { directoryErrors } from './errors.ts';
import { asRecord } from './flavor-paths.ts';
import type { DirectoryProblem, ModelDirectory, ModelEnvironment } from './model.ts';
import { readEnvironment } from './read-environment.ts';
import { modelFile, type ModelFile, readModelFile, text } from './read-model-file.ts';
import { largestYaml } from './read-yaml.ts';
import { toSignature } from './to-signature.ts';

export interface InspectedDirectory {
  readonly directory: ModelDirectory;
  /** The schema as tensors, when it can be said so. */
  readonly signature: Signature | undefined;
}

const largestRequirements = 500_000;
const mostProblems = 50;
const knownKeys = new Set(
  (
    'artifact_path run_id model_id model_uuid utc_time_created mlflow_version databricks_runtime flavors signature ' +
    'is_signature_from_type_hint type_hint_from_example saved_input_example_info metadata model_size_bytes prompts resources env_vars auth_policy'
  ).split(' '),
);

/** The `MLmodel` file that describes the version: at the top, or at the top of the one folder that holds everything. */
export function findModelFile<File extends { readonly name: string }>(files: readonly File[]): File | undefined {
  const top = files.find(({ name }) => name === modelFile);
  if (top !== undefined) return top;
  const folders = new Set(files.map(({ name }) => (name.includes('/') ? name.slice(0, name.indexOf('/')) : '')));
  const [folder] = folders;
  return folders.size === 1 ? files.find(({ name }) => name === `${folder}/${modelFile}`) : undefined;
}

/**
 * Reads and checks the model directory of a version; undefined when its files hold no `MLmodel`.
 * @throws `registry.model-directory-invalid` with everything that is wrong
 */
export async function readDirectory(
  objects: Pick<ObjectStore, 'read'>,
  files: readonly VersionFile[],
): Promise<InspectedDirectory | undefined> {
  const file = findModelFile(files);
  if (file === undefined) return undefined;
  const problems: DirectoryProblem[] = [];
  const folder = file.name.slice(0, -modelFile.length).replace(/\/$/, '');
  const within = new Map(
    files.flatMap((each) =>
      folder === '' || each.name.startsWith(`${folder}/`) ? [[each.name.slice(folder === '' ? 0 : folder.length + 1), each]] : [],
    ),
  );
  const read = (name: string, limit: number) => readSmall(objects, within.get(pathWithin(name) ?? ''), { name, limit, problems });
  const written = await read(modelFile, largestYaml);
  const parsed = written === undefined ? undefined : readModelFile(written, (problem) => problems.push(problem));
  const environment = parsed === undefined ? undefined : await environmentOf(parsed, { read, has: (name) => within.has(name), problems });
  if (parsed !== undefined) problems.push(...checkPaths(parsed.paths, [...within.keys()]));
  if (problems.length > 0 || parsed === undefined || environment === undefined)
    throw directoryErrors['model-directory-invalid']({ file: file.name, problems: problems.slice(0, mostProblems) });
  const directory = describe(parsed, { folder, environment });
  return { directory, signature: directory.schema === undefined ? undefined : toSignature(directory.schema) };
}

type ReadFile = (name: string, limit: number) => Promise<string | undefined>;

async function readSmall(
  objects: Pick<ObjectStore, 'read'>,
  file: { readonly digest: Digest; readonly size: number } | undefined,
  of: { name: string; limit: number; problems: DirectoryProblem[] },
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  if (file.size <= of.limit) return (await objects.read(file.digest)).toString('utf8');
  const problem = `it has ${file.size} bytes; the limit is ${of.limit}`;
  of.problems.push({ path: of.name, problem, fix: 'Check that it is the file that mlflow wrote.' });
  return undefined;
}

async function environmentOf(
  parsed: ModelFile,
  { read, has, problems }: { read: ReadFile; has: (name: string) => boolean; problems: DirectoryProblem[] },
): Promise<ModelEnvironment> {
  const path = (kind: 'conda' | 'virtualenv') => parsed.environmentFiles.find((file) => file.kind === kind)?.path;
  const requirements = has('requirements.txt') ? 'requirements.txt' : undefined;
  const files = parsed.environmentFiles.map(({ kind, path: file }) => ({ kind, file }));
  const texts = {
    conda: await readNamed(read, path('conda')),
    virtualenv: await readNamed(read, path('virtualenv')),
    requirements: requirements === undefined ? undefined : await read(requirements, largestRequirements),
  };
  const all: ModelEnvironment['files'] = [
    ...files,
    ...(requirements === undefined ? [] : [{ kind: 'requirements' as const, file: requirements }]),
  ];
  try {
    return { files: all, ...readEnvironment(texts, parsed.pythonFunction?.pythonVersion) };
  } catch (error) {
    const fix = 'Save the model again with mlflow, which writes its environment files.';
    problems.push({ path: modelFile, problem: error instanceof Error ? error.message : String(error), fix });
    return { files: all, python: undefined, requirements: [] };
  }
}

function readNamed(read: ReadFile, name: string | undefined): Promise<string | undefined> {
  return name === undefined ? Promise.resolve(undefined) : read(name, largestYaml);
}

function describe(parsed: ModelFile, { folder, environment }: { folder: string; environment: ModelEnvironment }): ModelDirectory {
  const { content, flavors, pythonFunction, schema, inputExample } = parsed;
  const size = content['model_size_bytes'];
  const metadata = asRecord(content['metadata']);
  return {
    folder,
    flavors,
    pythonFunction,
    schema,
    inputExample,
    environment,
    mlflowVersion: text(content['mlflow_version']),
    runId: text(content['run_id']),
    modelId: text(content['model_id']),
    modelUuid: text(content['model_uuid']),
    artifactPath: text(content['artifact_path']),
    createdAt: createdAt(text(content['utc_time_created'])),
    sizeBytes: typeof size === 'number' && size >= 0 ? size : undefined,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    prompts: texts(content['prompts']),
    environmentVariables: texts(content['env_vars']),
    unknownKeys: Object.keys(content).filter((key) => !knownKeys.has(key)),
  };
}

/** `2026-11-23 04:20:10.162961`, UTC without saying so. */
function createdAt(written: string | undefined): number | undefined {
  const match = written === undefined ? null : /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(written);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}${match[3] ?? ''}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];
}
