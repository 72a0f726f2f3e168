import { z } from 'zod';
import { numberShape, subjectShape } from '../metrics/wire.ts';
import { attributeNames } from '../search/filter.ts';

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
