import { z } from 'zod';
import { numberShape } from '../wire.ts';

/** The JSON of logged models. Times are epoch milliseconds, sizes bytes; what is absent is left out. */

const stateShape = z.enum(['pending', 'ready', 'upload-failed']);

export const loggedModelShape = z.object({
  id: z.string(),
  project: z.string(),
  experiment: z.string(),
  experimentId: z.string(),
  experimentSequence: z.number(),
  experimentLocation: z.string().optional(),
  name: z.string(),
  state: stateShape,
  modelType: z.string().optional(),
  sourceRun: z.string().optional(),
  createdBy: z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() }),
  createdAt: z.number(),
  updatedAt: z.number(),
  deletedAt: z.number().optional(),
  parameters: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  /** The latest point of each metric on each dataset. */
  metrics: z.array(
    z.object({
      name: z.string(),
      value: numberShape,
      step: z.number(),
      time: z.number(),
      run: z.string(),
      datasetName: z.string().optional(),
      datasetDigest: z.string().optional(),
    }),
  ),
});
export type LoggedModelWire = z.infer<typeof loggedModelShape>;

export const loggedModelPageShape = z.object({ items: z.array(loggedModelShape), next: z.string().optional() });
export type LoggedModelPageWire = z.infer<typeof loggedModelPageShape>;

export const loggedModelListQuery = z.object({
  /** As in `name like 'a%' and metrics.auc > 0.7 and params.depth = '4' and tags.team = 'delay' and state = 'ready'`. */
  filter: z.string().optional(),
  /** As in `metrics.auc desc`; the newest first unless said. */
  order: z.string().optional(),
  /** Number of an experiment. */
  experiment: z.coerce.number().int().min(0).optional(),
  deleted: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
});

export const createLoggedModelShape = z.object({
  /** A name; the experiment is created when there is none. */
  experiment: z.string(),
  name: z.string().optional(),
  modelType: z.string().optional(),
  sourceRun: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

export const editLoggedModelShape = z.object({
  state: z.enum(['ready', 'upload-failed']).optional(),
  /** Only new ones: parameters never change. */
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** null takes the tag away. */
  tags: z.record(z.string(), z.string().nullable()).optional(),
});
