import { chiSquareSurvival, joinByReference, shares, type CellCounts, type Histogram } from '#kernel/statistics/index.ts';

import { comparableCells, comparisonBins, type DriftMeasurement, type DriftMethod } from './drift-method.ts';

interface BinnedDistance {
  readonly distance: (reference: readonly number[], current: readonly number[]) => number;
  /** The distance as a chi-square statistic for one row: it is divided by 1/n + 1/m. */
  readonly asChiSquare: (distance: number) => number;
  readonly tails: 'joined' | 'apart';
  readonly threshold: number;
}

/**
 * A method that compares shares of joined bins. PSI, 8·JSD (nats) and 8·H² all behave for large n and m like
 * (1/n + 1/m)·χ² with cells − 1 degrees of freedom when nothing changed (Yurdakul and Naranjo 2020 for PSI); this gives the p-value.
 */
export function binnedMethod(
  named: Pick<DriftMethod, 'name' | 'title' | 'definition'>,
  { distance, asChiSquare, tails, threshold }: BinnedDistance,
): DriftMethod {
  const compare = (reference: Histogram, current: Histogram): DriftMeasurement => {
    const comparable = comparableCells(reference, current);
    if (comparable.state === 'not-measurable') return comparable;
    const cells = reference.kind === 'numeric' ? joinByReference(comparable, comparisonBins, tails) : comparable;
    const value = distance(shares(cells.reference), shares(cells.current));
    return { state: 'measured', value, pValue: pValue(asChiSquare(value), cells), threshold, direction: 'above' };
  };
  return { ...named, kinds: ['numeric', 'categorical'], compare };
}

function pValue(statisticOfOne: number, cells: CellCounts): number {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const occupied = cells.reference.filter((count, index) => count + (cells.current[index] ?? 0) > 0).length;
  if (occupied < 2) return 1;
  return chiSquareSurvival(statisticOfOne / (1 / total(cells.reference) + 1 / total(cells.current)), occupied - 1);
}
