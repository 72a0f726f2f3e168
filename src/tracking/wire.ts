import { z } from 'zod';
import { attributeNames } from './search/filter.ts';

/** The JSON of tracking. Times are epoch milliseconds, sizes bytes; what is absent is left out. */

/** JSON has no NaN and no infinities; they are spelled. */
export const numberShape = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type NumberWire = z.infer<typeof numberShape>;

export function wireNumber(value: number): NumberWire {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

export function metricNumber(value: NumberWire): number {
  return Number(value);
}

export const inputShape = z.object({
  dataset: z.string(),
  snapshot: z.int().positive().optional(),
  digest: z.string(),
  context: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  details: z.string().optional(),
});

const runStateShape = z.enum(['created', 'scheduled', 'running', 'finished', 'failed', 'killed']);

const runModelShape = z.object({ model: z.string(), step: z.int().optional() });

export const linkRunShape = z.object({
  inputs: z.array(inputShape).optional(),
  inputModels: z.array(runModelShape).optional(),
  outputModels: z.array(runModelShape).optional(),
});

export const runShape = z.object({
  id: z.string(),
  project: z.string(),
  experiment: z.string(),
  experimentId: z.string(),
  /** Number of the experiment in its project; 0 is "Default". */
  experimentSequence: z.number(),
  experimentLocation: z.string().optional(),
  name: z.string(),
  state: runStateShape,
  startedAt: z.number(),
  finishedAt: z.number().optional(),
  deletedAt: z.number().optional(),
  startedBy: z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() }),
  /** Whom the client named as the person who works on it. */
  user: z.string(),
  pipelineRun: z.string().optional(),
  parentRun: z.string().optional(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  codeDigest: z.string().optional(),
  environmentDigest: z.string().optional(),
  computeTarget: z.string(),
  cpuMs: z.number().optional(),
  peakMemoryBytes: z.number().optional(),
  inputs: z.array(inputShape),
  inputModels: z.array(runModelShape),
  outputModels: z.array(runModelShape),
  /** The latest value of each metric. */
  metrics: z.record(z.string(), numberShape),
  parameters: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
});
export type RunWire = z.infer<typeof runShape>;

export const runPageShape = z.object({ items: z.array(runShape), next: z.string().optional() });

export const startRunShape = z.object({
  experiment: z.string(),
  name: z.string().optional(),
  pipelineRun: z.string().optional(),
  parentRun: z.string().optional(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  codeDigest: z.string().optional(),
  environmentDigest: z.string().optional(),
  computeTarget: z.string().optional(),
  inputs: z.array(inputShape).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  user: z.string().optional(),
  state: z.enum(['running', 'scheduled']).optional(),
  startedAt: z.int().optional(),
  requestKey: z.string().optional(),
});

export const finishRunShape = z.object({
  outcome: z.enum(['finished', 'failed', 'killed']),
  finishedAt: z.int().optional(),
  cpuMs: z.number().min(0).optional(),
  peakMemoryBytes: z.number().min(0).optional(),
});

/** What a metric measured besides its run. */
const subjectShape = { modelId: z.string().optional(), datasetName: z.string().optional(), datasetDigest: z.string().optional() };

export const logShape = z.object({
  metrics: z
    .array(z.object({ name: z.string(), value: numberShape, step: z.int().optional(), time: z.int().optional(), ...subjectShape }))
    .optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** null takes the tag away. */
  tags: z.record(z.string(), z.string().nullable()).optional(),
});

const list = (what: z.ZodType<string>) => z.union([what.transform((one) => [one]), z.array(what)]);

export const runListQuery = z.object({
  filter: z.string().optional(),
  order: z.string().optional(),
  experiment: list(z.string()).optional(),
  state: list(runStateShape).optional(),
  text: z.string().max(200).optional(),
  lifecycle: z.enum(['active', 'deleted', 'all']).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
  /** Runs to pass over, for a jump to a far place; costs more than `after`. */
  skip: z.coerce.number().int().min(0).optional(),
});

export const pointShape = z.object({ step: z.number(), time: z.number(), value: numberShape, ...subjectShape });
export type MetricPointWire = z.infer<typeof pointShape>;

export const latestMetricShape = pointShape.extend({ name: z.string() });

export const curveRequestShape = z.object({
  runs: z.array(z.string()).min(1),
  metrics: z.array(z.string()).min(1),
  axis: z.enum(['step', 'time']).default('step'),
  from: z.int().optional(),
  to: z.int().optional(),
  buckets: z.int().min(2).max(5000).default(500),
});

/** One curve, column by column: position `from[i]` to `to[i]` holds `count[i]` points between `min[i]` and `max[i]`. */
export const curveShape = z.object({
  run: z.string(),
  metric: z.string(),
  points: z.number(),
  sampled: z.boolean(),
  from: z.array(z.number()),
  to: z.array(z.number()),
  count: z.array(z.number()),
  /** Points that are NaN. */
  missing: z.array(z.number()),
  /** null where all points of the bucket are NaN. */
  min: z.array(numberShape.nullable()),
  max: z.array(numberShape.nullable()),
  mean: z.array(numberShape.nullable()),
});
export type CurveWire = z.infer<typeof curveShape>;

export const artifactShape = z.object({
  name: z.string(),
  digest: z.string(),
  size: z.number(),
  mediaType: z.string(),
  storedAt: z.number(),
});
export type ArtifactWire = z.infer<typeof artifactShape>;

export const folderEntryShape = z.object({
  name: z.string(),
  kind: z.enum(['file', 'folder']),
  size: z.number(),
  files: z.number(),
  digest: z.string().optional(),
  mediaType: z.string().optional(),
  storedAt: z.number(),
});
export type FolderEntryWire = z.infer<typeof folderEntryShape>;

export const experimentShape = z.object({
  id: z.string(),
  project: z.string(),
  /** Counted from 1 in its project; 0 is "Default". MLflow clients know the experiment by it. */
  sequence: z.number(),
  name: z.string(),
  artifactLocation: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  deletedAt: z.number().optional(),
  tags: z.record(z.string(), z.string()),
  runs: z.number().optional(),
  lastRunAt: z.number().optional(),
});
export type ExperimentWire = z.infer<typeof experimentShape>;

function comparedShape<Value extends z.ZodType>(value: Value) {
  return z.array(z.object({ name: z.string(), values: z.array(value.nullable()), differs: z.boolean() }));
}

export const comparisonShape = z.object({
  runs: z.array(runShape),
  parameters: comparedShape(z.string()),
  metrics: comparedShape(numberShape),
  tags: comparedShape(z.string()),
  inputs: comparedShape(z.string()),
  origin: comparedShape(z.string()),
});
export type RunComparisonWire = z.infer<typeof comparisonShape>;

export const runFieldsShape = z.object({
  metrics: z.array(z.string()),
  parameters: z.array(z.string()),
  tags: z.array(z.string()),
  attributes: z.array(z.enum(attributeNames)),
});
