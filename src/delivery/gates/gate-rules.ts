import type { WeightedMetricName } from '#kernel/statistics/index.ts';

/** What a release must show. A part that is `undefined` is not asked for. Margins are in the units of the metric. */
export interface GateRules {
  readonly betterThanBaseline?: { readonly metric: WeightedMetricName; readonly margin: number } | undefined;
  readonly againstProduction?:
    | {
        readonly metric: WeightedMetricName;
        /** `non-inferiority`: not worse by more than the margin. `superiority`: better by more than the margin. */
        readonly test: 'non-inferiority' | 'superiority';
        readonly margin: number;
      }
    | undefined;
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
      }
    | undefined;
  readonly latencyP99Ms?: number | undefined;
  readonly sizeBytes?: number | undefined;
  readonly contractGreen?: boolean | undefined;
  /** `strict`: the same signature. `compatible`: each request that production takes is still taken and answered. */
  readonly signature?: 'strict' | 'compatible' | undefined;
  readonly bootstrap: { readonly resamples: number; readonly confidence: number; readonly seed: number };
}

/** Asked of every release unless its deployment says otherwise. */
export const defaultGateRules: GateRules = {
  betterThanBaseline: { metric: 'auc', margin: 0 },
  againstProduction: { metric: 'auc', test: 'non-inferiority', margin: 0.005 },
  sliceFloors: { floor: 0.55, minimumRows: 200, test: 'significant' },
  latencyP99Ms: 50,
  sizeBytes: 100 * 1024 * 1024,
  contractGreen: true,
  signature: 'compatible',
  bootstrap: { resamples: 1000, confidence: 0.95, seed: 1 },
};

/** The same as in the event `gate.evaluated`. */
export interface GateCheck {
  readonly name: string;
  readonly outcome: 'passed' | 'refused';
  readonly value?: number | undefined;
  readonly threshold?: number | undefined;
  readonly explanation: string;
}

/** Refuses for want of a fact. */
export function missingFact(name: string, fact: string): GateCheck {
  return { name, outcome: 'refused', explanation: `${fact} Without it the gate stays closed.` };
}

export function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
