import { z } from 'zod';
import type { Signature } from '#kernel/inference/index.ts';
import { geometricEdges } from '#kernel/statistics/index.ts';

/** What an agent and the control plane say to each other. */

export interface DesiredRevision {
  readonly revision: string;
  readonly number: number;
  readonly model: string;
  readonly modelVersion: string;
  /** Of the ONNX file. */
  readonly digest: string;
  readonly signature: Signature;
  readonly weight: number;
  readonly replicas: number;
}

export interface DesiredDeployment {
  readonly deployment: string;
  readonly project: string;
  /** A revision with the larger number comes first, as routing wants it. */
  readonly revisions: readonly DesiredRevision[];
  readonly routing: { readonly sticky: 'key' | 'request'; readonly salt: string };
  readonly limits: {
    readonly memoryMb?: number | undefined;
    readonly threads: number;
    readonly requestTimeoutMs: number;
    readonly bodyBytes: number;
  };
  readonly score: { readonly output?: string | undefined; readonly range: readonly [number, number] };
  readonly log: { readonly predictions: boolean };
}

export interface DesiredState {
  readonly version: number;
  readonly deployments: readonly DesiredDeployment[];
}

/** Edges of the latency histogram in ms: every agent counts over the same. */
export const latencyEdges: readonly number[] = geometricEdges(0.1, 60_000, 1.15);

/** A histogram without its edges: `[below, counts…, above]` with runs of zeros as negative numbers, and what was not a number. */
const packedHistogram = z.object({ cells: z.array(z.number().int()), missing: z.number().int().min(0) });
export type PackedHistogram = z.output<typeof packedHistogram>;

const count = z.number().int().min(0);

export const agentReport = z.object({
  account: z.string(),
  /** The desired version that routing now follows. */
  applied: z.number().int().min(0),
  gateway: z.object({ address: z.string() }).optional(),
  replicas: z
    .array(
      z.object({
        revision: z.string(),
        replica: count,
        state: z.enum(['starting', 'ready', 'backing-off', 'failing', 'stopping']),
        pid: z.number().int().optional(),
        startedAt: z.number().optional(),
        restarts: count,
        reason: z.string().optional(),
      }),
    )
    .max(10_000),
  traffic: z
    .array(
      z.object({
        revision: z.string(),
        /** When this agent began to count; counts are cumulative since then. */
        since: z.number().int(),
        requests: count,
        rows: count,
        errors: count,
        latency: packedHistogram,
        scores: packedHistogram,
      }),
    )
    .max(10_000),
  /** Replicas that ended by themselves since the last report. */
  failures: z.array(z.object({ revision: z.string(), replica: count, reason: z.string() })).max(1000),
  /** Predictions that wait for the control plane. */
  spool: z.object({ segments: count, bytes: count }),
  /** What a person should know: a port that is taken, a full disk. */
  problems: z.array(z.string()).max(100),
});
export type AgentReport = z.output<typeof agentReport>;
