import { z } from 'zod';
import { runStates, stepStates, triggerKinds } from './model.ts';

const parametersSchema = z.record(z.string(), z.json());

export const failureSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), details: z.json().optional() });
export type FailureWire = z.output<typeof failureSchema>;

export const graphStepSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  command: z.string(),
  /** Steps that must have succeeded before. */
  before: z.array(z.string()),
  /** Name to `dataset:flights`, `dataset:flights@4` or `step/output`. */
  inputs: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
  parameters: z.array(z.string()),
  publishes: z.array(
    z.object({ output: z.string(), dataset: z.string(), mode: z.enum(['append', 'replace']), contract: z.string().optional() }),
  ),
  tracked: z.boolean(),
  cache: z.boolean(),
  timeoutMs: z.number(),
  retries: z.number(),
});
export type GraphStepWire = z.output<typeof graphStepSchema>;

export const triggerSchema = z.object({
  kind: z.enum(['schedule', 'event']),
  cron: z.string().optional(),
  zone: z.string().optional(),
  nextAt: z.number().optional(),
  on: z.string().optional(),
  where: parametersSchema.optional(),
  parameters: parametersSchema,
});

export const pipelineSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  parameters: parametersSchema,
  steps: z.array(graphStepSchema),
  triggers: z.array(triggerSchema),
  registers: z.object({ model: z.string(), files: z.record(z.string(), z.string()) }).optional(),
  digest: z.string(),
  codeDigest: z.string(),
  environmentDigest: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  definedAt: z.number(),
});
export type PipelineWire = z.output<typeof pipelineSchema>;

export const pipelineRunSchema = z.object({
  id: z.string(),
  project: z.string(),
  pipeline: z.string(),
  state: z.enum(runStates),
  trigger: z.object({ kind: z.enum(triggerKinds), event: z.number().optional() }),
  parameters: parametersSchema,
  actor: z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() }),
  codeDigest: z.string(),
  environmentDigest: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  /** The tracked run. */
  run: z.string().optional(),
  registered: z.object({ model: z.string(), version: z.number(), reused: z.boolean() }).optional(),
  failure: failureSchema.optional(),
  cancelRequested: z.boolean(),
  fresh: z.boolean(),
  retryOf: z.string().optional(),
  createdAt: z.number(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  stepStates: z.array(z.object({ step: z.string(), state: z.enum(stepStates) })),
});
export type PipelineRunWire = z.output<typeof pipelineRunSchema>;

export const stepRunSchema = z.object({
  step: z.string(),
  state: z.enum(stepStates),
  attempts: z.number(),
  cacheKey: z.string().optional(),
  outputs: z.record(
    z.string(),
    z.object({ kind: z.enum(['file', 'directory']), digest: z.string(), size: z.number(), files: z.number().optional() }),
  ),
  published: z.array(z.object({ dataset: z.string(), snapshot: z.number(), digest: z.string(), rows: z.number() })),
  parameters: parametersSchema,
  hasLog: z.boolean(),
  warnings: z.array(failureSchema),
  failure: failureSchema.optional(),
  /** The pipeline run whose result was reused. */
  cachedFrom: z.string().optional(),
  progress: z.object({ done: z.number(), total: z.number().optional(), label: z.string().optional() }).optional(),
  cpuMs: z.number().optional(),
  peakMemoryBytes: z.number().optional(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
});
export type StepRunWire = z.output<typeof stepRunSchema>;

export const pipelineRunDetailSchema = pipelineRunSchema.extend({
  /** By reference, such as `dataset:flights`. */
  inputs: z.record(z.string(), z.object({ dataset: z.string(), snapshot: z.number(), digest: z.string(), rows: z.number() })),
  graph: z.array(graphStepSchema),
  steps: z.array(stepRunSchema),
});
export type PipelineRunDetailWire = z.output<typeof pipelineRunDetailSchema>;

export const explanationSchema = z.object({
  step: z.string(),
  decision: z.enum(['ran', 'reused', 'waiting', 'not-run']),
  comparedWith: z.string().optional(),
  reasons: z.array(z.string()),
});
export type ExplanationWire = z.output<typeof explanationSchema>;
