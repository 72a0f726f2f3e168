import type { GateFacts } from '../gates/gate-facts.ts';
import type { GateCheck, GateRules } from '../gates/gate-rules.ts';

/** What the control plane hands to a gate worker and gets back, over IPC (structured clone). */

export interface ModelFile {
  readonly path: string;
  /** `sha256:…` of what must be in it. */
  readonly digest: string;
}

export interface GateWork {
  readonly candidate: ModelFile;
  /** The model that serves in production, to be run on the same rows. */
  readonly production: ModelFile | undefined;
  /** Evaluation rows as JSON lines. */
  readonly rows: string;
  readonly rules: GateRules;
  /** Facts that need no model. */
  readonly facts: Omit<GateFacts, 'evaluation' | 'latency'>;
}

/** A request of the Open Inference Protocol and what the candidate answered to it here. */
export interface SmokeSample {
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly (string | number | boolean)[];
  }[];
  readonly output: string;
  readonly scores: readonly number[];
}

export interface GateVerdictReport {
  readonly checks: readonly GateCheck[];
  readonly measurements: {
    readonly rows: number;
    readonly latencyP50Ms?: number | undefined;
    readonly latencyP99Ms?: number | undefined;
    readonly batchP50Ms?: number | undefined;
    readonly batchRows?: number | undefined;
  };
  readonly smoke: SmokeSample | undefined;
}

export type GateWorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'verdict'; readonly report: GateVerdictReport }
  | { readonly kind: 'failed'; readonly message: string };
