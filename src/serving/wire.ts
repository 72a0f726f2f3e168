import { z } from 'zod';
import { environments } from './model.ts';

/** The shapes of the API, camelCase, times in epoch ms. */

const verdict = z.enum(['passed', 'failed', 'inconclusive']);

const checkSchema = z.object({
  name: z.string(),
  outcome: verdict,
  value: z.number().optional(),
  threshold: z.number().optional(),
  explanation: z.string(),
});

export const rolloutSchema = z.object({
  id: z.string(),
  deployment: z.string(),
  environment: z.enum(environments),
  revision: z.string(),
  stable: z.string().optional(),
  strategy: z.enum(['canary', 'all-at-once']),
  steps: z.array(z.number()),
  /** Index into `steps`. */
  step: z.number(),
  state: z.enum(['pending', 'progressing', 'judging', 'promoted', 'rolled-back', 'paused', 'cancelled']),
  startedAt: z.number(),
  stateAt: z.number(),
  finishedAt: z.number().optional(),
  reason: z.string().optional(),
  measurements: z.array(z.object({ step: z.number(), weight: z.number(), time: z.number(), verdict, checks: z.array(checkSchema) })),
});
export type RolloutWire = z.output<typeof rolloutSchema>;

const trafficSchema = z.object({
  requests: z.number(),
  rows: z.number(),
  errors: z.number(),
  latencyP50Ms: z.number().optional(),
  latencyP99Ms: z.number().optional(),
});

const replicaSchema = z.object({
  replica: z.number(),
  state: z.enum(['starting', 'ready', 'backing-off', 'failing', 'stopping']),
  pid: z.number().optional(),
  startedAt: z.number().optional(),
  restarts: z.number(),
  reason: z.string().optional(),
});

const tensorSpec = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });

export const revisionSchema = z.object({
  id: z.string(),
  number: z.number(),
  model: z.string(),
  modelVersion: z.string(),
  digest: z.string(),
  state: z.enum(['created', 'starting', 'ready', 'serving', 'draining', 'retired', 'failed']),
  weight: z.number(),
  cause: z.string(),
  release: z.string().optional(),
  createdAt: z.number(),
  stateAt: z.number(),
  reason: z.string().optional(),
  signature: z.object({ inputs: z.array(tensorSpec), outputs: z.array(tensorSpec) }),
  replicas: z.array(replicaSchema),
  traffic: trafficSchema,
});
export type RevisionWire = z.output<typeof revisionSchema>;

export const placeSchema = z.object({
  environment: z.enum(environments),
  model: z.string(),
  spec: z.record(z.string(), z.unknown()),
  specComplete: z.boolean(),
  createdAt: z.number(),
  /** Base address of the gateway, where it is up. */
  gateway: z.string().optional(),
  /** Where to send predictions. */
  inferUrl: z.string().optional(),
  agentReportedAt: z.number().optional(),
  /** What the agent cannot do, such as open its gateway on a port that is taken. */
  problems: z.array(z.string()),
  /** Predictions on their way to the control plane. */
  spool: z.object({ segments: z.number(), bytes: z.number() }).optional(),
  serving: z.string().optional(),
  /** The revision that a rollback would return to. */
  previous: z.string().optional(),
  rollout: rolloutSchema.optional(),
  revisions: z.array(revisionSchema),
});
export type PlaceWire = z.output<typeof placeSchema>;

export const deploymentSchema = z.object({ name: z.string(), project: z.string(), environments: z.array(placeSchema) });
export type DeploymentWire = z.output<typeof deploymentSchema>;

export const trafficSeriesSchema = z.object({
  /** Width of a point in ms. */
  pointMs: z.number(),
  points: z.array(trafficSchema.extend({ revision: z.string(), time: z.number() })),
});
export type TrafficSeriesWire = z.output<typeof trafficSeriesSchema>;

export const rollbackSchema = z.object({
  id: z.string(),
  deployment: z.string(),
  environment: z.enum(environments),
  fromRevision: z.string(),
  toRevision: z.string(),
  reason: z.string(),
  automatic: z.boolean(),
  startedAt: z.number(),
  /** Absent while the traffic has not moved. */
  finishedAt: z.number().optional(),
});
export type RollbackWire = z.output<typeof rollbackSchema>;
