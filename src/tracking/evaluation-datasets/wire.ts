import { z } from 'zod';
import { recordSourceKinds } from './model.ts';

/** The JSON of evaluation datasets. Times are epoch milliseconds; what is absent is left out. */

const labels = z.record(z.string(), z.string());
const fields = z.record(z.string(), z.json());

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
  outputs: z.json().optional(),
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
  outputs: z.json().optional(),
  expectations: fields.optional(),
  tags: labels.optional(),
  source: sourceShape.optional(),
});
