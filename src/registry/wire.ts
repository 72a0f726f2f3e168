import { z } from 'zod';
import { evaluationShape } from './evaluation.ts';
import { stages } from './model.ts';

/** The JSON of the registry. Times are epoch milliseconds, sizes bytes; what is absent is left out. */

const numberShape = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const tagsShape = z.record(z.string(), z.string());

export const kindShape = z.enum(['model', 'prompt']);

export const modelShape = z.object({
  name: z.string(),
  project: z.string(),
  /** A prompt is kept like a model, without files. */
  kind: kindShape,
  description: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** 0 when there is none. */
  latestVersion: z.number(),
  /** Alias to version. */
  aliases: z.record(z.string(), z.number()),
  tags: tagsShape,
});
export type ModelWire = z.infer<typeof modelShape>;

export const tensorShape = z.object({
  name: z.string(),
  datatype: z.enum([
    'BOOL',
    'UINT8',
    'UINT16',
    'UINT32',
    'UINT64',
    'INT8',
    'INT16',
    'INT32',
    'INT64',
    'FP16',
    'BF16',
    'FP32',
    'FP64',
    'BYTES',
  ]),
  /** -1 for a dimension that varies. */
  shape: z.array(z.number()),
});

export const signatureShape = z.object({
  inputs: z.array(tensorShape),
  outputs: z.array(tensorShape),
  unservable: z.array(z.object({ name: z.string(), kind: z.string() })),
});

export const snapshotShape = z.object({ dataset: z.string(), snapshot: z.int().positive(), digest: z.string() });

export const versionShape = z.object({
  project: z.string(),
  model: z.string(),
  kind: kindShape,
  version: z.number(),
  state: z.enum(['registered', 'archived']),
  /** Of old MLflow clients; nothing in Ripen acts on it. */
  stage: z.enum(stages),
  digest: z.string(),
  files: z.array(z.object({ name: z.string(), digest: z.string(), size: z.number() })),
  signature: signatureShape.optional(),
  /** The URI it was registered from. */
  source: z.string().optional(),
  /** Where MLflow clients find its files. */
  location: z.string(),
  link: z.string().optional(),
  loggedModel: z.string().optional(),
  /** Name of the file with an example of its input. */
  inputExample: z.string().optional(),
  run: z.string().optional(),
  pipelineRun: z.string().optional(),
  snapshots: z.array(snapshotShape),
  codeDigest: z.string().optional(),
  environmentDigest: z.string().optional(),
  commit: z.string().optional(),
  trainer: z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() }),
  description: z.string(),
  registeredAt: z.number(),
  updatedAt: z.number(),
  aliases: z.array(z.string()),
  tags: tagsShape,
  card: z.object({ filledFields: z.number(), requiredFields: z.number() }),
});
export type ModelVersionWire = z.infer<typeof versionShape>;

/** A version as searches give it. */
export const versionHeaderShape = versionShape.omit({ files: true, snapshots: true, location: true, inputExample: true });
export type VersionHeaderWire = z.infer<typeof versionHeaderShape>;

/** From stored files, or from a `source`. */
export const registerShape = z.object({
  run: z.string().optional(),
  files: z.record(z.string(), z.string()).optional(),
  source: z.string().optional(),
  loggedModel: z.string().optional(),
  link: z.string().optional(),
  snapshots: z.array(snapshotShape).optional(),
  codeDigest: z.string().max(200).optional(),
  environmentDigest: z.string().max(200).optional(),
  commit: z.string().max(200).optional(),
  pipelineRun: z.string().max(200).optional(),
  description: z.string().optional(),
  tags: tagsShape.optional(),
});

export const deletedShape = z.object({
  model: z.string(),
  kind: kindShape,
  /** Absent: the whole model. */
  version: z.number().optional(),
  deletedAt: z.number(),
  /** When it is taken away for good. */
  purgedAt: z.number(),
});
export type DeletedWire = z.infer<typeof deletedShape>;

export const cardShape = z.object({
  text: z.string().optional(),
  /** Send it as `replaces` with the next text. */
  digest: z.string().optional(),
  sections: z.array(z.object({ name: z.string(), filled: z.boolean(), problem: z.string().optional() })),
  filledFields: z.number(),
  requiredFields: z.number(),
});
export type CardWire = z.infer<typeof cardShape>;

export { evaluationShape };
export type EvaluationWire = z.infer<typeof evaluationShape>;

/** The run as far as lineage shows it. */
const lineageRunShape = z.object({
  id: z.string(),
  name: z.string(),
  experiment: z.string(),
  state: z.string(),
  startedAt: z.number(),
  finishedAt: z.number().optional(),
  computeTarget: z.string(),
  dirty: z.boolean().optional(),
});

export const lineageShape = z.object({
  version: versionShape,
  run: lineageRunShape.optional(),
  loggedModel: z.object({ id: z.string(), name: z.string(), state: z.string() }).optional(),
  /** Datasets that the run read; without a snapshot when they are not Ripen's. */
  datasets: z.array(z.object({ dataset: z.string(), digest: z.string(), snapshot: z.number().optional(), context: z.string().optional() })),
  /** The version it was copied from. */
  copiedFrom: z.object({ model: z.string(), version: z.number() }).optional(),
  copies: z.array(z.object({ model: z.string(), version: z.number() })),
  releases: z.array(
    z.object({
      release: z.string(),
      createdAt: z.number(),
      reason: z.string().optional(),
      outcome: z.string().optional(),
      event: z.number(),
    }),
  ),
  deployments: z.array(
    z.object({
      deployment: z.string(),
      environment: z.string(),
      revision: z.string().optional(),
      cause: z.string().optional(),
      deployedAt: z.number(),
      current: z.boolean(),
      event: z.number(),
    }),
  ),
});
export type LineageWire = z.infer<typeof lineageShape>;

function comparedShape<Value extends z.ZodType>(value: Value) {
  return z.array(z.object({ name: z.string(), values: z.array(value.nullable()), differs: z.boolean() }));
}

export const versionComparisonShape = z.object({
  before: versionShape,
  after: versionShape,
  metrics: comparedShape(numberShape),
  runMetrics: comparedShape(numberShape),
  parameters: comparedShape(z.string()),
  signature: z.array(
    z.object({
      side: z.enum(['input', 'output']),
      name: z.string(),
      before: tensorShape.optional(),
      after: tensorShape.optional(),
      breaking: z.boolean(),
    }),
  ),
  /** Of the `MLmodel` files: `input hour` to its type. */
  schema: comparedShape(z.string()),
  /** Packages that the model directories ask for. */
  environment: comparedShape(z.string()),
  snapshots: comparedShape(z.string()),
  files: comparedShape(z.string()),
  origin: comparedShape(z.string()),
});
export type VersionComparisonWire = z.infer<typeof versionComparisonShape>;

export type { ModelDirectoryWire, ModelSchemaWire } from './mlmodel/wire.ts';
export type { SignatureVerificationWire, SigningKeyWire } from './signing/wire.ts';
export type { DeliveryDetailWire, DeliveryWire, ListedWebhookWire, WebhookTestWire, WebhookWire } from './webhooks/wire.ts';
