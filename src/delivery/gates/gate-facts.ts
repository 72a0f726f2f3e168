/** A named part of the evaluation rows, such as `hour=17`. */
export interface EvaluationSlice {
  readonly slice: string;
  /** Row numbers of the evaluation. */
  readonly rows: ArrayLike<number>;
}

/** Scores of the models for the same held-out rows, in the same order. */
export interface EvaluationFacts {
  readonly labels: ArrayLike<number>;
  readonly candidate: ArrayLike<number>;
  readonly baseline?: ArrayLike<number> | undefined;
  /** Scores of the version in production, run on these rows. */
  readonly production?: ArrayLike<number> | undefined;
  readonly slices: readonly EvaluationSlice[];
}

/** One input or output of a model. A dimension of -1 may have any size. */
export interface SignatureTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly optional?: boolean | undefined;
}

export interface Signature {
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
}

/** What serves now. `none` must be said: when it is merely unknown, the gate refuses. */
export type ProductionFacts =
  | { readonly state: 'none' }
  | { readonly state: 'version'; readonly version: number; readonly signature: Signature | undefined };

/** Measured by sending requests to the candidate as it will be served. */
export interface LatencyFacts {
  readonly requests: number;
  readonly errors: number;
  readonly p99Ms: number;
}

export interface ContractFacts {
  readonly contract: string;
  readonly rules: number;
  readonly failed: number;
}

/** All that a gate may look at. A fact that is absent could not be gathered, and a check that needs it refuses. */
export interface GateFacts {
  readonly evaluation?: EvaluationFacts | undefined;
  readonly production?: ProductionFacts | undefined;
  readonly signature?: Signature | undefined;
  readonly latency?: LatencyFacts | undefined;
  /** Bytes of all files of the model version. */
  readonly sizeBytes?: number | undefined;
  /** The contract of each dataset snapshot that the version was trained on. */
  readonly contracts?: readonly ContractFacts[] | undefined;
}
