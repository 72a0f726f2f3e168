import { z } from 'zod';
import { recordSourceKinds } from './model.ts';

/** The JSON of evaluation datasets. Times are epoch milliseconds; what is absent is left out. */

const labels = z.record(z.string(), z.string());
/** `z.json()` refers to itself, which OpenAPI documents cannot hold in the middle. */
const anyJson = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);
const fields = z.record(z.string(), z.unknown());

export const evaluationDatasetShape = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  tags: labels,
  schema: z
    .object({
      inputs: labels,
      outputs: z.union([labels, z.string()]),
      expectations: labels,
    })
    .optional(),
  digest: z.string(),
  records: z.number(),
  experiments: z.array(z.number()),
  createdAt: z.number(),
  updatedAt: z.number(),
  createdBy: z.string().optional(),
  updatedBy: z.string().optional(),
});
export type EvaluationDatasetWire = z.infer<typeof evaluationDatasetShape>;

const sourceShape = z.object({ kind: z.enum(recordSourceKinds), data: fields });

export const evaluationRecordShape = z.object({
  id: z.string(),
  inputs: fields,
  outputs: anyJson.optional(),
  expectations: fields.optional(),
  tags: labels,
  source: sourceShape.optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  createdBy: z.string().optional(),
  updatedBy: z.string().optional(),
});
export type EvaluationRecordWire = z.infer<typeof evaluationRecordShape>;

export const recordDraftShape = z.object({
  inputs: fields,
  outputs: anyJson.optional(),
  expectations: fields.optional(),
  tags: labels.optional(),
  source: sourceShape.optional(),
});
