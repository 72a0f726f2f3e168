import type { Json } from '#kernel/canonical-json.ts';
import type { JsonRecord } from './model.ts';

/**
 * Which keys of a flavour name files or folders of the model directory (MLflow 1.x to 3.x). A flavour that is not here is kept and
 * shown, but only `code` of it is checked: what its other keys mean is not known.
 */
const pathKeys: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    python_function: ['data', 'model_path', 'python_model', 'code'],
    sklearn: ['pickled_model'],
    xgboost: ['data'],
    lightgbm: ['data'],
    catboost: ['data'],
    onnx: ['data'],
    pytorch: ['model_data'],
    tensorflow: ['data', 'saved_model_dir'],
    keras: ['data'],
    spark: ['model_data'],
    statsmodels: ['data'],
    h2o: ['data'],
    paddle: ['pickled_model'],
    spacy: ['data'],
    pmdarima: ['data'],
    transformers: ['model_binary'],
    fastai: ['data'],
    mleap: ['model_data'],
  }),
);

/** The paths that a flavour's settings name, as written. */
export function flavorPaths(flavor: string, settings: JsonRecord): { key: string; path: string }[] {
  const keys = new Set([...(pathKeys.get(flavor) ?? []), 'code']);
  const found = [...keys].flatMap((key) => {
    const value = settings[key];
    return typeof value === 'string' && value !== '' ? [{ key, path: value }] : [];
  });
  return [...found, ...artifactPaths(settings), ...extraFiles(settings), ...codeModel(settings)];
}

function artifactPaths({ artifacts }: JsonRecord): { key: string; path: string }[] {
  return Object.entries(asRecord(artifacts)).flatMap(([name, artifact]) => {
    const { path } = asRecord(artifact);
    return typeof path === 'string' && path !== '' ? [{ key: `artifacts.${name}`, path }] : [];
  });
}

/** `extra_files: [{path}]` and `requirements_file: {path}` of the PyTorch flavour. */
function extraFiles({ extra_files: extra, requirements_file: requirements }: JsonRecord) {
  const files = Array.isArray(extra) ? extra.map((file) => ({ key: 'extra_files', file })) : [];
  return [...files, { key: 'requirements_file', file: requirements }].flatMap(({ key, file }) => {
    const { path } = asRecord(file);
    return typeof path === 'string' && path !== '' ? [{ key, path }] : [];
  });
}

/** A model that is its own code: the file says where the code was on the machine that saved it, the directory holds it by its last name. */
function codeModel({ model_code_path: path }: JsonRecord): { key: string; path: string }[] {
  const name = typeof path === 'string' ? path.split(/[/\\]/).findLast((part) => part !== '') : undefined;
  return name === undefined ? [] : [{ key: 'model_code_path', path: name }];
}

export function asRecord(value: Json | undefined): JsonRecord {
  // Array.isArray does not tell read-only lists from records.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}
