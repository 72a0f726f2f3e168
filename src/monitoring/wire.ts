import { z } from 'zod';
import { histogramSchema } from '#kernel/histogram-schema.ts';

const metrics = z.record(z.string(), z.number());
const actor = z.object({ id: z.string(), name: z.string() });

export type HistogramWire = z.output<typeof histogramSchema>;

export const windowSchema = z.object({
  /** Epoch ms, [start, end), in the time of the predictions. */
  start: z.number(),
  end: z.number(),
  /** `open` may still get predictions, `closed` is over, `complete` has its labels too or waits for no more. */
  state: z.enum(['open', 'closed', 'complete']),
  /** Something came in since it was evaluated. */
  changing: z.boolean(),
  predictions: z.number(),
  labelled: z.number(),
  version: z.string().optional(),
  evaluatedAt: z.number().optional(),
  metrics,
  /** The same metrics in the reference, where it has them. */
  reference: metrics,
  drifted: z.array(z.object({ feature: z.string(), method: z.string(), value: z.number(), threshold: z.number() })),
});
export type WindowWire = z.output<typeof windowSchema>;

export const columnSchema = z.object({
  name: z.string(),
  current: histogramSchema,
  reference: histogramSchema.optional(),
  missingShare: z.number().optional(),
  /** Share of values that the reference never saw, or beyond its range. */
  outsideShare: z.number().optional(),
  unseen: z.array(z.string()),
  drift: z.array(
    z.object({
      method: z.string(),
      value: z.number().optional(),
      pValue: z.number().optional(),
      threshold: z.number().optional(),
      drifted: z.boolean(),
      /** This one judges the column. */
      chosen: z.boolean(),
      reason: z.string().optional(),
    }),
  ),
});
export type ColumnWire = z.output<typeof columnSchema>;

export const windowDetailSchema = windowSchema.extend({
  versions: z.array(z.object({ version: z.string(), predictions: z.number() })),
  duplicates: z.number(),
  columns: z.array(columnSchema),
  score: columnSchema.optional(),
  calibration: z.array(z.object({ lower: z.number(), upper: z.number(), count: z.number(), predicted: z.number(), observed: z.number() })),
  sampledOneOf: z.number(),
  notes: z.array(z.string()),
});
export type WindowDetailWire = z.output<typeof windowDetailSchema>;

export const alertSchema = z.object({
  id: z.string(),
  deployment: z.string(),
  rule: z.string(),
  severity: z.enum(['warning', 'critical']),
  state: z.enum(['firing', 'acknowledged', 'resolved', 'withdrawn']),
  metric: z.string(),
  value: z.number().optional(),
  threshold: z.number().optional(),
  explanation: z.string(),
  /** Times of the traffic: start of the first bad window, end of the one that fired, end of the one that resolved. */
  since: z.number(),
  firedAt: z.number(),
  resolvedAt: z.number().optional(),
  /** Server times. */
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Left out while a silence holds it back. */
  toldAt: z.number().optional(),
  acknowledgement: z.object({ by: actor, at: z.number(), note: z.string().optional() }).optional(),
});
export type AlertWire = z.output<typeof alertSchema>;

export const silenceSchema = z.object({
  id: z.string(),
  rule: z.string(),
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  by: actor,
});
export type SilenceWire = z.output<typeof silenceSchema>;

export const ruleSchema = z.object({
  name: z.string(),
  metric: z.string(),
  operator: z.enum(['above', 'below']),
  limit: z.object({ kind: z.enum(['absolute', 'ratio', 'difference']), value: z.number() }),
  consecutiveWindows: z.number(),
  resolveAfter: z.number(),
  minimumPredictions: z.number(),
  minimumLabels: z.number(),
  noData: z.enum(['keep', 'fire']),
  severity: z.enum(['warning', 'critical']),
});
export type AlertRuleWire = z.output<typeof ruleSchema>;

export const monitorSchema = z.object({
  deployment: z.string(),
  model: z.string(),
  version: z.string(),
  window: z.number(),
  labelDelay: z.number(),
  rules: z.array(ruleSchema),
  silences: z.array(silenceSchema),
  createdAt: z.number(),
  updatedAt: z.number(),
  received: z.object({
    segments: z.number(),
    predictions: z.number(),
    corrupt: z.number(),
    misdated: z.number(),
    damagedFiles: z.number(),
    lastReceivedAt: z.number().optional(),
    lastProblem: z.string().optional(),
  }),
  windows: z.object({ complete: z.number(), closed: z.number(), open: z.number() }),
  /** The latest window that is over. */
  latest: windowSchema.optional(),
  firing: z.array(alertSchema),
});
export type MonitorWire = z.output<typeof monitorSchema>;

export const labelSchema = z.object({
  id: z.string().min(1).max(320),
  label: z.number(),
  time: z.int().optional(),
  source: z.string().max(200).optional(),
});
export const receivedLabelsSchema = z.object({ received: z.number(), joined: z.number(), unknown: z.number(), repeated: z.boolean() });
export type ReceivedLabelsWire = z.output<typeof receivedLabelsSchema>;

export const receivedSegmentSchema = z.object({
  segment: z.string(),
  predictions: z.number(),
  corrupt: z.number(),
  misdated: z.number(),
  problem: z.string().optional(),
  repeated: z.boolean(),
});
export type ReceivedSegmentWire = z.output<typeof receivedSegmentSchema>;

export const predictionSchema = z.object({
  id: z.string(),
  time: z.number(),
  eventTime: z.number(),
  revision: z.string(),
  version: z.string(),
  status: z.string(),
  latencyMs: z.number().optional(),
  inputs: z.record(z.string(), z.union([z.string(), z.number()])),
  outputs: metrics,
  labels: z.array(z.object({ value: z.number(), time: z.number().optional(), source: z.string().optional() })),
});
export type PredictionWire = z.output<typeof predictionSchema>;
