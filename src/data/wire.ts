import { z } from 'zod';
import { histogramSchema } from '#kernel/histogram-schema.ts';
import { ruleKinds } from './contract/model.ts';
import { loadModes } from './model.ts';

const actorSchema = z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() });
const producerSchema = z.object({ kind: z.enum(['pipeline-run', 'upload']), id: z.string() });
const sourceSchema = z.object({ name: z.string(), digest: z.string() });

const ruleResultSchema = z.object({
  rule: z.enum(ruleKinds),
  column: z.string().optional(),
  passed: z.boolean(),
  failedRows: z.number().optional(),
  share: z.number().optional(),
  explanation: z.string(),
});

const contractSchema = z.object({ digest: z.string(), passed: z.boolean(), rules: z.array(ruleResultSchema).readonly() });
const columnSchema = z.object({ name: z.string(), type: z.string() });

const changeSchema = z.object({
  kind: z.enum(['added', 'removed', 'type-changed']),
  column: z.string(),
  type: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  breaking: z.boolean(),
});
export const schemaDiffSchema = z.object({ breaking: z.boolean(), changes: z.array(changeSchema).readonly() });
export type SchemaDiffWire = z.output<typeof schemaDiffSchema>;

export const snapshotSchema = z.object({
  dataset: z.string(),
  number: z.number(),
  digest: z.string(),
  parent: z.number().optional(),
  mode: z.enum(loadModes),
  rows: z.number(),
  addedRows: z.number(),
  files: z.array(z.object({ digest: z.string(), rows: z.number(), bytes: z.number() })).readonly(),
  schema: z.array(columnSchema).readonly(),
  schemaDigest: z.string(),
  schemaChanges: z.array(changeSchema).readonly(),
  contract: contractSchema.optional(),
  producer: producerSchema,
  source: sourceSchema,
  publishedAt: z.number(),
  publishedBy: actorSchema,
});
export type SnapshotWire = z.output<typeof snapshotSchema>;

export const catalogueFields = {
  description: z.string().max(2000).optional(),
  owner: z.string().max(200).optional(),
  classification: z.string().max(200).optional(),
  retention: z.string().max(200).optional(),
};

const datasetSchema = z.object({ name: z.string(), ...catalogueFields, createdAt: z.number(), updatedAt: z.number() });

/** A dataset in the list: with the figures of its newest snapshot. */
export const datasetSummarySchema = datasetSchema.extend({
  /** Refused loads, ever. */
  quarantined: z.number(),
  newest: z
    .object({
      number: z.number(),
      rows: z.number(),
      bytes: z.number(),
      columns: z.number(),
      publishedAt: z.number(),
      contract: z.object({ passed: z.boolean(), rules: z.number() }).optional(),
    })
    .optional(),
});
export type DatasetWire = z.output<typeof datasetSummarySchema>;

export const quarantineSchema = z.object({
  id: z.string(),
  dataset: z.string(),
  reason: z.string(),
  message: z.string(),
  source: sourceSchema,
  bytes: z.number(),
  rows: z.number().optional(),
  contract: contractSchema.optional(),
  failingRows: z
    .array(z.object({ row: z.number(), rule: z.enum(ruleKinds), column: z.string(), values: z.record(z.string(), z.unknown()) }))
    .readonly(),
  producer: producerSchema,
  quarantinedAt: z.number(),
  quarantinedBy: actorSchema,
});
export type QuarantineWire = z.output<typeof quarantineSchema>;

const scalar = z.union([z.number(), z.string()]);

export const profileSchema = z.object({
  rows: z.number(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        count: z.number(),
        nulls: z.number(),
        distinct: z.number(),
        notFinite: z.number(),
        minimum: scalar.optional(),
        maximum: scalar.optional(),
        mean: z.number().optional(),
        deviation: z.number().optional(),
        quantiles: z.array(z.object({ share: z.number(), value: scalar })).readonly(),
        textLength: z.object({ minimum: z.number(), maximum: z.number(), mean: z.number() }).optional(),
        topValues: z.array(z.object({ value: z.string(), count: z.number() })).readonly(),
        histogram: histogramSchema.optional(),
      }),
    )
    .readonly(),
});
export type ProfileWire = z.output<typeof profileSchema>;

export const rowPageSchema = z.object({
  columns: z.array(columnSchema).readonly(),
  rows: z.array(z.array(z.unknown()).readonly()).readonly(),
  total: z.number(),
});
export type RowPageWire = z.output<typeof rowPageSchema>;

export const lineageSchema = z.object({
  producer: producerSchema,
  parent: z.number().optional(),
  readers: z
    .array(z.object({ run: z.string(), experiment: z.string().optional(), pipelineRun: z.string().optional(), time: z.number() }))
    .readonly(),
});
export type LineageWire = z.output<typeof lineageSchema>;
