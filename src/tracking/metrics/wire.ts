import { z } from 'zod';

/** JSON has no NaN and no infinities; they are spelled. */
export const numberShape = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type NumberWire = z.infer<typeof numberShape>;

export function wireNumber(value: number): NumberWire {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

export function readNumber(value: NumberWire): number {
  return Number(value);
}

/** What a metric measured besides its run. */
export const subjectShape = { modelId: z.string().optional(), datasetName: z.string().optional(), datasetDigest: z.string().optional() };

export const pointShape = z.object({ step: z.number(), time: z.number(), value: numberShape, ...subjectShape });
export type MetricPointWire = z.infer<typeof pointShape>;

export const latestMetricShape = pointShape.extend({ name: z.string() });

export const curveRequestShape = z.object({
  runs: z.array(z.string()).min(1),
  metrics: z.array(z.string()).min(1),
  axis: z.enum(['step', 'time']).default('step'),
  from: z.int().optional(),
  to: z.int().optional(),
  buckets: z.int().min(2).max(5000).default(500),
});

/** One curve, column by column: position `from[i]` to `to[i]` holds `count[i]` points between `min[i]` and `max[i]`. */
export const curveShape = z.object({
  run: z.string(),
  metric: z.string(),
  points: z.number(),
  sampled: z.boolean(),
  from: z.array(z.number()),
  to: z.array(z.number()),
  count: z.array(z.number()),
  /** Points that are NaN. */
  missing: z.array(z.number()),
  /** null where all points of the bucket are NaN. */
  min: z.array(numberShape.nullable()),
  max: z.array(numberShape.nullable()),
  mean: z.array(numberShape.nullable()),
});
export type CurveWire = z.infer<typeof curveShape>;
