import { z } from 'zod';

/** What a saved view of the runs table holds: all that the page keeps in its address. */
export const runViewTableShape = z.object({
  filter: z.string().max(10_000).optional(),
  /** Several terms, separated by commas. */
  order: z.string().max(2000).optional(),
  experiment: z.string().max(300).optional(),
  state: z.string().max(50).optional(),
  /** Ids of columns in their order, each with its width after a tilde where somebody set one. */
  columns: z.string().max(50_000).optional(),
  group: z.string().max(300).optional(),
  /** Runs that stay on top, by id. */
  pinned: z.array(z.string().max(100)).max(50).optional(),
  lifecycle: z.enum(['active', 'deleted']).optional(),
});
export type RunViewTable = z.infer<typeof runViewTableShape>;

export const runViewShape = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  /** A private view is seen by its owner alone. */
  shared: z.boolean(),
  owner: z.object({ id: z.string(), name: z.string() }),
  /** Whether the one who asks may change it. */
  mine: z.boolean(),
  table: runViewTableShape,
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type RunViewWire = z.infer<typeof runViewShape>;

const viewName = z.string().trim().min(1).max(100);

export const newRunViewShape = z.object({ name: viewName, shared: z.boolean().default(false), table: runViewTableShape });
export const runViewChangeShape = z.object({
  name: viewName.optional(),
  shared: z.boolean().optional(),
  table: runViewTableShape.optional(),
});
