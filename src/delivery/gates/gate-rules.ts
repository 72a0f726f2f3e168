import type { WeightedMetricName } from '#kernel/statistics/index.ts';

/** A gain over another model that the lower end of the paired interval must pass; for losses, lower is the gain. */
export interface RequiredGain {
  readonly metric: WeightedMetricName;
  /** 0 or more asks for superiority by that much; below 0 for non-inferiority: a loss of up to that much is tolerated. */
  readonly minimumGain: number;
}

/** How far the figure itself may go, in the units of the metric. */
export interface MetricLimit {
  readonly metric: WeightedMetricName;
  readonly bound: 'minimum' | 'maximum';
  readonly value: number;
}

/** What a release must show. A part that is `undefined` is not asked for. */
export interface GateRules {
  readonly limits?: readonly MetricLimit[] | undefined;
  readonly overBaseline?: readonly RequiredGain[] | undefined;
  readonly overProduction?: readonly RequiredGain[] | undefined;
  readonly sliceFloors?:
    | {
        /** Lowest AUC of any slice. */
        readonly floor: number;
        /** Floors of single slices, by name. */
        readonly floors?: Readonly<Record<string, number>> | undefined;
        /** Slices with fewer rows are named but not judged. */
        readonly minimumRows: number;
        /** `significant`: under the floor beyond chance, over all slices together. `point`: the figure itself decides. */
        readonly test: 'significant' | 'point';
        /** Only slices by these names; all when left out. */
        readonly by?: readonly string[] | undefined;
      }
    | undefined;
  readonly latencyP99Ms?: number | undefined;
  readonly sizeBytes?: number | undefined;
  /** Contracts that must have been checked; these and all others that were checked must hold. */
  readonly contracts?: readonly string[] | undefined;
  /** `strict`: the same signature. `compatible`: each request that production takes is still taken and answered. */
  readonly signature?: 'strict' | 'compatible' | undefined;
  readonly bootstrap: { readonly resamples: number; readonly confidence: number; readonly seed: number };
}

/** Asked of every release unless its deployment says otherwise. */
export const defaultGateRules: GateRules = {
  overBaseline: [{ metric: 'auc', minimumGain: 0 }],
  overProduction: [{ metric: 'auc', minimumGain: -0.005 }],
  sliceFloors: { floor: 0.55, minimumRows: 200, test: 'significant' },
  latencyP99Ms: 50,
  sizeBytes: 100 * 1024 * 1024,
  contracts: [],
  signature: 'compatible',
  bootstrap: { resamples: 1000, confidence: 0.95, seed: 1 },
};

/** The same as in the event `gate.evaluated`. */
export interface GateCheck {
  readonly name: string;
  readonly outcome: 'passed' | 'refused';
  /** Refused because it could not be asked. */
  readonly missing?: true | undefined;
  readonly value?: number | undefined;
  readonly threshold?: number | undefined;
  /** The figures of a comparison with another model. */
  readonly comparison?: GateComparison | undefined;
  readonly explanation: string;
}

/** `gain` is the difference in favour of the candidate, whichever way the metric goes; `lower` and `upper` are its paired interval. */
export interface GateComparison {
  readonly metric: string;
  readonly candidate: number;
  readonly opponent: number;
  readonly gain: number;
  readonly lower: number;
  readonly upper: number;
  /** Of the interval, for example 0.95. */
  readonly confidence: number;
  readonly rows: number;
}

/** Refuses for want of a fact. */
export function missingFact(name: string, fact: string): GateCheck {
  return { name, outcome: 'refused', missing: true, explanation: `${fact} Without it the gate stays closed.` };
}

export function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
