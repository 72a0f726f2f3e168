import { chiSquareSurvival, kolmogorovSurvival } from './distributions.ts';
import { assertSameLength } from './errors.ts';
import type { CellCounts } from './histogram-cells.ts';

/** Counts as shares of their sum; all zero when the sum is zero. */
export function shares(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

// Kullback-Leibler terms of share x against the mean; 0·log 0 is 0.
function entropyTerm(x: number, mean: number): number {
  return x === 0 ? 0 : x * Math.log2(x / mean);
}

/** Jensen-Shannon distance with base 2: the root of the divergence, 0 (same) to 1 (nothing in common). Lin 1991; SciPy `jensenshannon(p, q, 2)`. */
export function jensenShannonDistance(p: readonly number[], q: readonly number[]): number {
  assertSameLength('The second distribution', p, q);
  const divergence = p.reduce((sum, x, index) => {
    const y = q[index] ?? 0;
    return sum + (entropyTerm(x, (x + y) / 2) + entropyTerm(y, (x + y) / 2)) / 2;
  }, 0);
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

/** Hellinger distance, ‖√p − √q‖ / √2: 0 (same) to 1 (nothing in common). */
export function hellingerDistance(p: readonly number[], q: readonly number[]): number {
  assertSameLength('The second distribution', p, q);
  return Math.min(1, Math.sqrt(p.reduce((sum, x, index) => sum + (Math.sqrt(x) - Math.sqrt(q[index] ?? 0)) ** 2, 0) / 2));
}

/** Σ (p − q)·ln(p / q), shares of zero read as `zero`, not renormalised: the population stability index of credit scoring. */
export function populationStabilityIndex(p: readonly number[], q: readonly number[], zero = 1e-4): number {
  assertSameLength('The second distribution', p, q);
  return p.reduce((sum, x, index) => {
    const a = x === 0 ? zero : x;
    const b = (q[index] ?? 0) === 0 ? zero : (q[index] ?? zero);
    return x === 0 && (q[index] ?? 0) === 0 ? sum : sum + (a - b) * Math.log(a / b);
  }, 0);
}

export interface ChiSquare {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** Effect size, 0 to 1 (Cramér 1946); about 0.1 is small, 0.3 medium, 0.5 large (Cohen 1988). */
  readonly cramersV: number;
}

/** Test that two rows of counts come from one distribution: Pearson's chi-square on the 2×k table, no continuity correction. */
export function chiSquareHomogeneity(cells: CellCounts): ChiSquare | undefined {
  const kept = cells.reference
    .map((count, index) => ({ reference: count, current: cells.current[index] ?? 0 }))
    .filter((cell) => cell.reference + cell.current > 0);
  const n = kept.reduce((sum, cell) => sum + cell.reference, 0);
  const m = kept.reduce((sum, cell) => sum + cell.current, 0);
  if (n === 0 || m === 0 || kept.length < 2) return undefined;
  const statistic = kept.reduce((sum, cell) => {
    const expected = ((cell.reference + cell.current) * n) / (n + m);
    const expectedCurrent = ((cell.reference + cell.current) * m) / (n + m);
    return sum + (cell.reference - expected) ** 2 / expected + (cell.current - expectedCurrent) ** 2 / expectedCurrent;
  }, 0);
  const degreesOfFreedom = kept.length - 1;
  const pValue = chiSquareSurvival(statistic, degreesOfFreedom);
  return { statistic, degreesOfFreedom, pValue, cramersV: Math.min(1, Math.sqrt(statistic / (n + m))) };
}

/** Largest gap of the cumulative shares at the cell borders, with the p-value of the limit distribution of √(nm/(n+m))·D. */
export function kolmogorovSmirnov(cells: CellCounts): { readonly distance: number; readonly pValue: number } | undefined {
  const n = cells.reference.reduce((sum, count) => sum + count, 0);
  const m = cells.current.reduce((sum, count) => sum + count, 0);
  if (n === 0 || m === 0) return undefined;
  let f = 0;
  let g = 0;
  let distance = 0;
  cells.reference.forEach((count, index) => {
    f += count;
    g += cells.current[index] ?? 0;
    distance = Math.max(distance, Math.abs(f / n - g / m));
  });
  return { distance, pValue: kolmogorovSurvival(Math.sqrt((n * m) / (n + m)) * distance) };
}
