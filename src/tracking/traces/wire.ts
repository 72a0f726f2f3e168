import { z } from 'zod';
import { sourceKinds, traceStates } from './words.ts';

/** The JSON of traces. Times are epoch milliseconds, durations milliseconds; what is absent is left out. */

export const tokensShape = z.object({
  input: z.number(),
  output: z.number(),
  total: z.number(),
  cacheRead: z.number().optional(),
  cacheCreation: z.number().optional(),
});

export const costShape = z.object({ input: z.number(), output: z.number(), total: z.number() });

const labels = z.record(z.string(), z.string());

export const assessmentShape = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['feedback', 'expectation', 'issue']),
  /** Any JSON; of an issue its name. */
  value: z.unknown(),
  error: z.object({ code: z.string(), message: z.string().optional(), stack: z.string().optional() }).optional(),
  source: z.object({ kind: z.enum(sourceKinds), id: z.string() }),
  span: z.string().optional(),
  rationale: z.string().optional(),
  metadata: labels,
  overrides: z.string().optional(),
  valid: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type AssessmentWire = z.infer<typeof assessmentShape>;

export const traceShape = z.object({
  id: z.string(),
  project: z.string(),
  experiment: z.string(),
  experimentId: z.string(),
  name: z.string().optional(),
  state: z.enum(traceStates),
  requestedAt: z.number(),
  duration: z.number().optional(),
  clientRequestId: z.string().optional(),
  requestPreview: z.string().optional(),
  responsePreview: z.string().optional(),
  tokens: tokensShape.optional(),
  cost: costShape.optional(),
  spans: z.number(),
  session: z.string().optional(),
  user: z.string().optional(),
  tags: labels,
  metadata: labels,
  assessments: z.array(assessmentShape),
  runs: z.array(z.string()),
});
export type TraceWire = z.infer<typeof traceShape>;

export const tracePageShape = z.object({ items: z.array(traceShape), next: z.string().optional() });

export const spanEventShape = z.object({
  name: z.string(),
  /** Since the trace began. */
  at: z.number(),
  attributes: z.record(z.string(), z.unknown()),
});

export const spanShape = z.object({
  id: z.string(),
  parent: z.string().optional(),
  name: z.string(),
  type: z.string(),
  status: z.enum(['unset', 'ok', 'error']),
  statusMessage: z.string().optional(),
  /** Since the trace's first span began, with fractions. */
  at: z.number(),
  /** Left out while the span runs. */
  duration: z.number().optional(),
  inputs: z.unknown().optional(),
  outputs: z.unknown().optional(),
  tokens: tokensShape.optional(),
  cost: costShape.optional(),
  model: z.string().optional(),
  provider: z.string().optional(),
  /** Without inputs and outputs. */
  attributes: z.record(z.string(), z.unknown()),
  events: z.array(spanEventShape),
  links: z.array(z.object({ trace: z.string(), span: z.string() })),
});
export type SpanWire = z.infer<typeof spanShape>;

export const traceWithSpansShape = z.object({
  trace: traceShape,
  /** In the order in which they began. */
  spans: z.array(spanShape),
  /** Epoch milliseconds, with fractions, at which the first span began. */
  beganAt: z.number(),
});
export type TraceWithSpansWire = z.infer<typeof traceWithSpansShape>;

const list = (what: z.ZodType<string>) => z.union([what.transform((one) => [one]), z.array(what)]);

export const traceListQuery = z.object({
  filter: z.string().optional(),
  order: z.string().optional(),
  /** Names. */
  experiment: list(z.string()).optional(),
  state: list(z.enum(traceStates)).optional(),
  run: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().optional(),
});

/** `z.json()` refers to itself, which OpenAPI documents cannot hold in the middle. */
const anyJson = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);

export const newAssessmentShape = z.object({
  name: z.string(),
  kind: z.enum(['feedback', 'expectation']),
  value: anyJson,
  span: z.string().optional(),
  rationale: z.string().optional(),
  overrides: z.string().optional(),
});

/** Either traces, or a time. */
export const traceDeletionShape = z.object({
  traces: z.array(z.string()).max(10_000).optional(),
  until: z.int().optional(),
  most: z.int().optional(),
  experiment: z.string().optional(),
});
