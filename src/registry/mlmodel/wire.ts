import { z } from 'zod';
import type { Json } from '#kernel/canonical-json.ts';
import { describeType } from './describe-type.ts';
import type { ModelDirectory, ModelSchema, SchemaSide } from './model.ts';

/** The JSON of model directories and their schemas. Paths are relative to `folder`. */

const sideShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('columns'),
    /** `type` in one line: long, array<string>, map<double>, object<x: long, y?: double>. */
    columns: z.array(z.object({ name: z.string().optional(), type: z.string(), required: z.boolean() })),
  }),
  z.object({
    kind: z.literal('tensors'),
    tensors: z.array(z.object({ name: z.string().optional(), dtype: z.string(), shape: z.array(z.number()) })),
  }),
]);

const schemaShape = z.object({
  inputs: sideShape.optional(),
  outputs: sideShape.optional(),
  /** `default` as JSON text. */
  params: z.array(z.object({ name: z.string(), type: z.string(), default: z.string(), shape: z.array(z.number()).optional() })),
});

export const directoryShape = z.object({
  folder: z.string(),
  flavors: z.array(
    z.object({
      name: z.string(),
      version: z.string().optional(),
      paths: z.array(z.string()),
      settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  pythonFunction: z
    .object({
      loaderModule: z.string(),
      modelPath: z.string().optional(),
      predictFunction: z.string().optional(),
      pythonVersion: z.string().optional(),
      codePath: z.string().optional(),
      streamable: z.boolean(),
    })
    .optional(),
  schema: schemaShape.optional(),
  inputExample: z
    .object({
      file: z.string(),
      type: z.string().optional(),
      orient: z.string().optional(),
      servingFile: z.string().optional(),
      withParams: z.boolean(),
    })
    .optional(),
  environment: z.object({
    files: z.array(z.object({ kind: z.enum(['conda', 'virtualenv', 'requirements']), file: z.string() })),
    python: z.string().optional(),
    requirements: z.array(z.string()),
  }),
  mlflowVersion: z.string().optional(),
  runId: z.string().optional(),
  modelId: z.string().optional(),
  modelUuid: z.string().optional(),
  artifactPath: z.string().optional(),
  createdAt: z.number().optional(),
  sizeBytes: z.number().optional(),
  /** What the user wrote down; values as JSON text when they are no text. */
  metadata: z.record(z.string(), z.string()).optional(),
  prompts: z.array(z.string()),
  environmentVariables: z.array(z.string()),
  unknownKeys: z.array(z.string()),
});
export type ModelDirectoryWire = z.infer<typeof directoryShape>;
export type ModelSchemaWire = z.infer<typeof schemaShape>;

export function wireDirectory(directory: ModelDirectory): ModelDirectoryWire {
  const { schema, metadata, ...rest } = directory;
  const texts = metadata === undefined ? undefined : Object.entries(metadata).map(([key, value]) => [key, jsonText(value)] as const);
  const wire = {
    ...rest,
    schema: schema === undefined ? undefined : wireSchema(schema),
    metadata: texts === undefined ? undefined : Object.fromEntries(texts),
  };
  // JSON leaves out members that are undefined; the domain's types only add that they are read-only.
  return JSON.parse(JSON.stringify(wire)) as ModelDirectoryWire;
}

function jsonText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function wireSchema({ inputs, outputs, params }: ModelSchema) {
  return {
    inputs: inputs === undefined ? undefined : wireSide(inputs),
    outputs: outputs === undefined ? undefined : wireSide(outputs),
    params: params.map((param) => ({ ...param, type: describeType(param.type), default: JSON.stringify(param.default) })),
  };
}

function wireSide(side: SchemaSide) {
  if (side.kind === 'tensors') return side;
  return { kind: side.kind, columns: side.columns.map(({ type, ...column }) => ({ ...column, type: describeType(type) })) };
}
