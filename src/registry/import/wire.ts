import { z } from 'zod';

const labels = z.record(z.string(), z.string());

/** A model of another registry. Times are epoch milliseconds. */
export const importModelShape = z.object({
  name: z.string(),
  description: z.string(),
  createdAt: z.int(),
  updatedAt: z.int(),
  tags: labels,
  versions: z
    .array(
      z.object({
        version: z.int().min(1),
        source: z.string(),
        run: z.string().optional(),
        loggedModel: z.string().optional(),
        link: z.string().optional(),
        description: z.string(),
        stage: z.string(),
        createdAt: z.int(),
        updatedAt: z.int(),
        tags: labels,
      }),
    )
    .max(200),
  aliases: z.record(z.string(), z.int().min(1)),
});
export type ImportModelWire = z.input<typeof importModelShape>;

export const versionOutcomesShape = z.object({
  items: z.array(
    z.object({
      version: z.number(),
      outcome: z.enum(['created', 'updated', 'refused']),
      problem: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
});
export type VersionOutcomesWire = z.infer<typeof versionOutcomesShape>;
