import type { Json } from '#kernel/canonical-json.ts';

export type JsonRecord = { readonly [key: string]: Json | undefined };

/** What an `MLmodel` file and the files beside it say (MLflow's model directory). Paths are relative to the folder of the `MLmodel` file. */
export interface ModelDirectory {
  /** Folder of the `MLmodel` file within the version; '' when it lies at the top. */
  readonly folder: string;
  readonly flavors: readonly Flavor[];
  readonly pythonFunction: PythonFunction | undefined;
  readonly schema: ModelSchema | undefined;
  readonly inputExample: InputExample | undefined;
  readonly environment: ModelEnvironment;
  /** Version of MLflow that wrote the directory. */
  readonly mlflowVersion: string | undefined;
  readonly runId: string | undefined;
  readonly modelId: string | undefined;
  readonly modelUuid: string | undefined;
  readonly artifactPath: string | undefined;
  /** Epoch milliseconds; undefined when the file does not say. */
  readonly createdAt: number | undefined;
  /** What the file says the model weighs, bytes. */
  readonly sizeBytes: number | undefined;
  /** What the user wrote down. */
  readonly metadata: JsonRecord | undefined;
  readonly prompts: readonly string[];
  /** Names of environment variables that the model was seen to read. */
  readonly environmentVariables: readonly string[];
  /** Top-level keys that Ripen does not know; they are left alone. */
  readonly unknownKeys: readonly string[];
}

/** One way to load the model. */
export interface Flavor {
  readonly name: string;
  /** Of the library, from `<library>_version`. */
  readonly version: string | undefined;
  /** Files and folders of the directory that the flavour needs. */
  readonly paths: readonly string[];
  /** Its other settings whose values are plain. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

export interface PythonFunction {
  readonly loaderModule: string;
  /** File or folder of the model itself. */
  readonly modelPath: string | undefined;
  readonly predictFunction: string | undefined;
  readonly pythonVersion: string | undefined;
  readonly codePath: string | undefined;
  readonly streamable: boolean;
}

export interface InputExample {
  readonly file: string;
  readonly type: string | undefined;
  readonly orient: string | undefined;
  /** The same example as the body of a prediction request. */
  readonly servingFile: string | undefined;
  readonly withParams: boolean;
}

export interface ModelEnvironment {
  readonly files: readonly { readonly kind: 'conda' | 'virtualenv' | 'requirements'; readonly file: string }[];
  readonly python: string | undefined;
  /** Lines of requirements.txt, or the pip section of conda.yaml, without comments. */
  readonly requirements: readonly string[];
}

export const columnTypes = [
  'boolean',
  'integer',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'datetime',
  'any',
  'sparkml_vector',
] as const;

/** `integer` has 32 bits, `long` 64; `float` 32, `double` 64. */
export type ColumnType = (typeof columnTypes)[number];

export type SchemaType =
  | { readonly kind: 'plain'; readonly type: ColumnType }
  | { readonly kind: 'array'; readonly items: SchemaType }
  | { readonly kind: 'object'; readonly properties: readonly SchemaProperty[] }
  | { readonly kind: 'map'; readonly values: SchemaType };

export interface SchemaProperty {
  readonly name: string;
  readonly type: SchemaType;
  readonly required: boolean;
}

/** A column has no name when the model takes one value a row. */
export interface SchemaColumn {
  readonly name: string | undefined;
  readonly type: SchemaType;
  readonly required: boolean;
}

export interface SchemaTensor {
  readonly name: string | undefined;
  /** As numpy names it: float32, int64, str, … */
  readonly dtype: string;
  /** -1 for a dimension that varies. */
  readonly shape: readonly number[];
}

export type SchemaSide =
  | { readonly kind: 'columns'; readonly columns: readonly SchemaColumn[] }
  | { readonly kind: 'tensors'; readonly tensors: readonly SchemaTensor[] };

export interface SchemaParameter {
  readonly name: string;
  readonly type: SchemaType;
  readonly default: Json;
  /** [-1] for a list; undefined for one value. */
  readonly shape: readonly number[] | undefined;
}

/** What goes into the model, what comes out, and which parameters it takes: MLflow's model signature. */
export interface ModelSchema {
  readonly inputs: SchemaSide | undefined;
  readonly outputs: SchemaSide | undefined;
  readonly params: readonly SchemaParameter[];
}

/** Why a model directory is refused: where, what is wrong, and what to do about it. */
export interface DirectoryProblem {
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}
