import { z } from 'zod';

/** A histogram of `kernel/statistics` as it goes over the wire and into stored profiles. */
export const histogramSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    edges: z.array(z.number()).readonly(),
    counts: z.array(z.number()).readonly(),
    below: z.number(),
    above: z.number(),
    missing: z.number(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
  z.object({
    kind: z.literal('categorical'),
    values: z.array(z.string()).readonly(),
    counts: z.array(z.number()).readonly(),
    other: z.number(),
    missing: z.number(),
  }),
]);
