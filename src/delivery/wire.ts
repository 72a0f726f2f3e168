import { z } from 'zod';
import { environments } from './model.ts';
import { releaseStates } from './states.ts';

const actor = z.object({ kind: z.enum(['person', 'service', 'system']), id: z.string(), name: z.string() });

export const gateCheckSchema = z.object({
  name: z.string(),
  outcome: z.enum(['passed', 'refused']),
  missing: z.literal(true).optional().describe('Refused because it could not be asked.'),
  value: z.number().optional(),
  threshold: z.number().optional(),
  comparison: z
    .object({
      metric: z.string(),
      candidate: z.number(),
      opponent: z.number(),
      gain: z.number().describe('In favour of the candidate, whichever way the metric goes.'),
      lower: z.number(),
      upper: z.number(),
      confidence: z.number(),
      rows: z.number(),
    })
    .optional(),
  explanation: z.string(),
});
export type GateCheckWire = z.output<typeof gateCheckSchema>;

export const gateSchema = z.object({
  environment: z.enum(environments),
  outcome: z.enum(['passed', 'refused', 'error']),
  checks: z.array(gateCheckSchema),
  comparedWith: z.number().optional().describe('The version in production that it was compared with.'),
  policies: z.array(z.string()),
  approvals: z.number(),
  approvalsNeeded: z.number(),
  measurements: z
    .object({
      rows: z.number(),
      latencyP50Ms: z.number().optional(),
      latencyP99Ms: z.number().optional(),
      batchP50Ms: z.number().optional(),
      batchRows: z.number().optional(),
      sizeBytes: z.number().optional(),
      durationMs: z.number(),
    })
    .optional(),
  time: z.number(),
});
export type GateWire = z.output<typeof gateSchema>;

export const releaseSchema = z.object({
  id: z.string(),
  number: z.number(),
  deployment: z.string(),
  model: z.string(),
  version: z.number(),
  digest: z.string(),
  reason: z.string(),
  deliberate: z.boolean().describe('A rehearsal that the gates are expected to refuse.'),
  cause: z.enum(['release', 'retrain']),
  author: actor,
  state: z.enum(releaseStates),
  note: z.string().optional().describe('Why it is in this state.'),
  approvalsNeeded: z.number(),
  comparedWith: z.number().optional(),
  stagingRevision: z.string().optional(),
  productionRevision: z.string().optional(),
  cancelRequested: z.boolean(),
  failure: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  createdAt: z.number(),
  stateAt: z.number(),
  finishedAt: z.number().optional(),
});
export type ReleaseWire = z.output<typeof releaseSchema>;

export const releasePageSchema = z.object({ items: z.array(releaseSchema), next: z.string().optional() });
export type ReleasePageWire = z.output<typeof releasePageSchema>;

export const releaseStorySchema = releaseSchema.extend({
  progress: z.string().optional().describe('How far the environment is that it moves into.'),
  gates: z.array(gateSchema),
  approvals: z.array(z.object({ approver: actor, comment: z.string().optional(), time: z.number(), counts: z.boolean() })),
  timeline: z.array(z.object({ state: z.enum(releaseStates), time: z.number(), note: z.string().optional() })),
});
export type ReleaseStoryWire = z.output<typeof releaseStorySchema>;

export const declaredDeploymentSchema = z.object({
  name: z.string(),
  model: z.string(),
  release: z.enum(['manual', 'automatic']),
  approvalsNeeded: z.number(),
});
export type DeclaredDeploymentWire = z.output<typeof declaredDeploymentSchema>;
