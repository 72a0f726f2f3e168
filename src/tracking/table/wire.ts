import { z } from 'zod';
import { numberShape } from '../wire.ts';

export const groupedMetricShape = z.object({
  /** Runs of the group that have the metric as a number. */
  count: z.number(),
  min: numberShape.optional(),
  mean: numberShape.optional(),
  max: numberShape.optional(),
});

export const runGroupShape = z.object({
  /** Absent: the runs that lack what is grouped by. */
  value: z.string().optional(),
  /** What to show in place of the value, for example the name of the parent run. */
  label: z.string().optional(),
  runs: z.number(),
  firstStartedAt: z.number(),
  lastStartedAt: z.number(),
  states: z.record(z.string(), z.number()),
  metrics: z.record(z.string(), groupedMetricShape),
});
export type RunGroupWire = z.infer<typeof runGroupShape>;

/** `more`: there are groups beyond the limit; those with the latest runs come first. */
export const runGroupsShape = z.object({ items: z.array(runGroupShape), more: z.boolean() });
export type RunGroupsWire = z.infer<typeof runGroupsShape>;

export const runIdsShape = z.object({ items: z.array(z.string()), next: z.string().optional() });

export const bulkChangeShape = z.object({
  runs: z.array(z.string()).min(1).max(500),
  change: z.enum(['delete', 'restore', 'tag']),
  /** For `tag`: null takes the tag away. */
  tags: z.record(z.string(), z.string().nullable()).optional(),
});

export const bulkResultShape = z.object({
  changed: z.number(),
  failed: z.array(z.object({ run: z.string(), code: z.string(), detail: z.string() })),
});
export type BulkResultWire = z.infer<typeof bulkResultShape>;

export const tablePreviewShape = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** In the order of the columns; long texts are cut, NaN and infinities are texts, what is nested is JSON. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  /** Rows of the whole file; absent where counting would mean reading a large file. */
  total: z.number().optional(),
});
export type TablePreviewWire = z.infer<typeof tablePreviewShape>;
