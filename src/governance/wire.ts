import { z } from 'zod';

export const eventSchema = z.object({
  number: z.number(),
  id: z.string(),
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  time: z.number(),
  actor: z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() }),
  project: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type EventWire = z.output<typeof eventSchema>;

export const eventPageSchema = z.object({
  items: z.array(eventSchema),
  /** Pass as `after` (oldest first) or `before` (newest first) for the next page. */
  next: z.number().optional(),
  size: z.number(),
  root: z.string(),
});
export type EventPageWire = z.output<typeof eventPageSchema>;

export const inclusionProofSchema = z.object({
  event: eventSchema,
  leaf: z.string(),
  index: z.number(),
  size: z.number(),
  path: z.array(z.string()),
  root: z.string(),
});
export type InclusionProofWire = z.output<typeof inclusionProofSchema>;

export const consistencyProofSchema = z.object({
  size: z.number(),
  newSize: z.number(),
  root: z.string(),
  newRoot: z.string(),
  path: z.array(z.string()),
});
export type ConsistencyProofWire = z.output<typeof consistencyProofSchema>;

export const verificationSchema = z.object({
  ok: z.boolean(),
  size: z.number(),
  root: z.string(),
  faults: z.array(z.object({ number: z.number(), fault: z.string(), explanation: z.string() })),
  checkpoints: z.object({ checked: z.number(), newest: z.number().optional() }),
});
export type VerificationWire = z.output<typeof verificationSchema>;
