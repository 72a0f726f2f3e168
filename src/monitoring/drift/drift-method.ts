import {
  alignedCells,
  isConstant,
  notMeasurable,
  presentCount,
  type CellCounts,
  type Histogram,
  type Measured,
  type NotMeasurable,
} from '#kernel/statistics/index.ts';

export type DriftMethodName = 'psi' | 'jensen_shannon' | 'kolmogorov_smirnov' | 'chi_square' | 'wasserstein' | 'hellinger';
export type ColumnKind = Histogram['kind'];

export interface DriftReading {
  /** The effect size in the units of the method: how much changed, whatever the number of rows. */
  readonly value: number;
  /** Chance of a value this large when nothing changed, where the method has one. Large windows make it tiny for any change. */
  readonly pValue?: number;
  /** The value that counts as drift by default. */
  readonly threshold: number;
  /** Which side of the threshold is drift. */
  readonly direction: 'above' | 'below';
}

export type DriftMeasurement = Measured<DriftReading>;

/** Plug point: one way to compare a window with its reference. Both histograms must be counted over the same edges. */
export interface DriftMethod {
  readonly name: DriftMethodName;
  readonly title: string;
  readonly kinds: readonly ColumnKind[];
  /** The definition, with bins and treatment of zeros, so that another tool can reproduce the number. */
  readonly definition: string;
  readonly compare: (reference: Histogram, current: Histogram) => DriftMeasurement;
}

/** Below these present values a distance says more about chance than about change. */
export const minimumRows = 100;

/** Reference bins of the binned distances: more bins would make the distance of two equal samples grow with the number of bins. */
export const comparisonBins = 10;

/** The cells both histograms share, or why they must not be compared. */
export function comparableCells(reference: Histogram, current: Histogram): ({ readonly state: 'measured' } & CellCounts) | NotMeasurable {
  if (presentCount(current) === 0) return notMeasurable('The window holds no values of this column.');
  if (presentCount(reference) === 0) return notMeasurable('The reference holds no values of this column.');
  if (isConstant(reference)) return notMeasurable('The reference holds one value only; watch the share of unseen values instead.');
  const fewest = Math.min(presentCount(reference), presentCount(current));
  if (fewest < minimumRows) return notMeasurable(`There are ${fewest} values to compare; a comparison needs ${minimumRows}.`);
  const cells = alignedCells(reference, current);
  return cells === undefined
    ? notMeasurable('The window was not counted over the bins of this reference; count it again.')
    : { state: 'measured', ...cells };
}
