import type { Json } from '#kernel/canonical-json.ts';
import { asRecord, flavorPaths } from './flavor-paths.ts';
import type { DirectoryProblem, Flavor, InputExample, JsonRecord, ModelSchema, PythonFunction } from './model.ts';
import { readParameters, readSchemaSide } from './read-schema.ts';
import { readYaml } from './read-yaml.ts';

export const modelFile = 'MLmodel';

/** A path that the file names, and the key that names it. */
export interface NamedPath {
  readonly key: string;
  readonly path: string;
}

/** What the text of an `MLmodel` file says, before anything is known of the files beside it. */
export interface ModelFile {
  readonly content: JsonRecord;
  readonly flavors: readonly Flavor[];
  readonly pythonFunction: PythonFunction | undefined;
  readonly schema: ModelSchema | undefined;
  readonly inputExample: InputExample | undefined;
  readonly environmentFiles: readonly (NamedPath & { readonly kind: 'conda' | 'virtualenv' })[];
  /** Everything that must lie in the directory. */
  readonly paths: readonly NamedPath[];
}

type Report = (problem: DirectoryProblem) => void;

/** Undefined when the file cannot be read at all; whatever is wrong goes to `report`. */
export function readModelFile(text: string, report: Report): ModelFile | undefined {
  let content: Json;
  try {
    content = readYaml(text);
  } catch (error) {
    const problem = `it cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`;
    report({ path: modelFile, problem, fix: 'Save the model again with mlflow, and log the whole directory.' });
    return undefined;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    report({
      path: modelFile,
      problem: 'it holds no keys',
      fix: 'Save the model again with mlflow; the file begins with keys such as flavors:.',
    });
    return undefined;
  }
  const file = asRecord(content);
  const configurations = readConfigurations(file, report);
  const pythonFunction = configurations.get('python_function');
  const inputExample = readInputExample(file);
  const environmentFiles = readEnvironmentFiles(pythonFunction?.['env']);
  const paths = [
    ...[...configurations].flatMap(([name, settings]) =>
      flavorPaths(name, settings).map(({ key, path }) => ({ key: `flavors.${name}.${key}`, path })),
    ),
    ...environmentFiles,
    ...examplePaths(inputExample),
  ];
  return {
    content: file,
    flavors: [...configurations].map(([name, settings]) => readFlavor(name, settings)),
    pythonFunction: pythonFunction === undefined ? undefined : readPythonFunction(pythonFunction, report),
    schema: readSchema(file['signature'], report),
    inputExample,
    environmentFiles,
    paths,
  };
}

function readConfigurations(file: JsonRecord, report: Report): Map<string, JsonRecord> {
  const found = new Map<string, JsonRecord>();
  for (const [name, settings] of Object.entries(asRecord(file['flavors']))) {
    if (settings === null || (typeof settings === 'object' && !Array.isArray(settings))) found.set(name, asRecord(settings));
    else
      report({ path: modelFile, problem: `the flavor "${name}" has no settings`, fix: `Write the settings of ${name} as keys below it.` });
  }
  // A model that lives elsewhere, such as behind an API, is registered with a file that loads nothing.
  const isElsewhere = asRecord(file['metadata'])['mlflow.model.isExternal'] !== undefined;
  if (found.size === 0 && !isElsewhere)
    report({
      path: modelFile,
      problem: 'it names no flavor, so nothing can load the model',
      fix: 'Save the model with one of mlflow.<library>.save_model.',
    });
  return found;
}

function readFlavor(name: string, settings: JsonRecord): Flavor {
  const versionKey = Object.keys(settings).find(
    (key) => key.endsWith('_version') && key !== 'python_version' && key !== 'cloudpickle_version',
  );
  const version = versionKey === undefined ? undefined : settings[versionKey];
  const paths = flavorPaths(name, settings);
  const named = new Set(paths.map(({ key }) => key));
  const plain = Object.entries(settings).flatMap(([key, value]): [string, string | number | boolean][] =>
    (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && key !== versionKey && !named.has(key)
      ? [[key, typeof value === 'string' ? value.slice(0, 500) : value]]
      : [],
  );
  return {
    name,
    version: typeof version === 'string' || typeof version === 'number' ? String(version) : undefined,
    paths: paths.map(({ path }) => path),
    settings: Object.fromEntries(plain),
  };
}

function readPythonFunction(settings: JsonRecord, report: Report): PythonFunction | undefined {
  const loaderModule = text(settings['loader_module']);
  if (loaderModule === undefined) {
    const fix = 'Save the model again with mlflow; it writes for example loader_module: mlflow.sklearn.';
    report({ path: modelFile, problem: 'the flavor python_function has no loader_module', fix });
    return undefined;
  }
  return {
    loaderModule,
    modelPath: text(settings['model_path']) ?? text(settings['data']) ?? text(settings['python_model']),
    predictFunction: text(settings['predict_fn']),
    pythonVersion: text(settings['python_version']),
    codePath: text(settings['code']),
    streamable: settings['streamable'] === true,
  };
}

/** `docker` may stand there too; it names an image in a registry, not a file. */
const environmentKinds = ['conda', 'virtualenv'] as const;

/** Very old files name the conda file alone. */
function readEnvironmentFiles(env: Json | undefined): ModelFile['environmentFiles'] {
  const key = 'flavors.python_function.env';
  if (typeof env === 'string' && env !== '') return [{ kind: 'conda', key, path: env }];
  const named = asRecord(env);
  return environmentKinds.flatMap((kind) => {
    const path = text(named[kind]);
    return path === undefined ? [] : [{ kind, key: `${key}.${kind}`, path }];
  });
}

function readInputExample(file: JsonRecord): InputExample | undefined {
  const info = asRecord(file['saved_input_example_info']);
  const path = text(info['artifact_path']);
  if (path === undefined) return undefined;
  return {
    file: path,
    type: text(info['type']),
    orient: text(info['pandas_orient']),
    servingFile: text(info['serving_input_path']),
    withParams: info['params'] === 'true' || info['params'] === true,
  };
}

function examplePaths(example: InputExample | undefined): NamedPath[] {
  if (example === undefined) return [];
  const serving =
    example.servingFile === undefined ? [] : [{ key: 'saved_input_example_info.serving_input_path', path: example.servingFile }];
  return [{ key: 'saved_input_example_info.artifact_path', path: example.file }, ...serving];
}

function readSchema(signature: Json | undefined, report: Report): ModelSchema | undefined {
  if (signature === undefined || signature === null) return undefined;
  const sides = asRecord(signature);
  const side = <Read>(name: string, read: (written: string) => Read): Read | undefined => {
    const written = sides[name];
    if (written === undefined || written === null) return undefined;
    try {
      // The members are JSON in a text; a list that was written as YAML says the same.
      return read(typeof written === 'string' ? written : JSON.stringify(written));
    } catch (error) {
      const problem = `signature.${name} is invalid: ${error instanceof Error ? error.message : String(error)}`;
      report({ path: modelFile, problem, fix: 'Infer it again with mlflow.models.infer_signature, and save the model with it.' });
      return undefined;
    }
  };
  return { inputs: side('inputs', readSchemaSide), outputs: side('outputs', readSchemaSide), params: side('params', readParameters) ?? [] };
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
