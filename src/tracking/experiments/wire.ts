import { z } from 'zod';

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
