import { pValueOfZ, type Alternative } from './proportions.ts';
import { ascendingOrder, midRanks, tieEnd } from './quantile.ts';

export interface MannWhitney {
  /** U of the first sample: pairs in which it is larger, ties counting one half. */
  readonly u: number;
  /** U over the number of pairs: the probability that a draw of the first exceeds a draw of the second. */
  readonly effect: number;
  readonly pValue: number;
}

/**
 * Mann-Whitney U test, normal approximation with tie correction and continuity correction (as SciPy's `mannwhitneyu` with
 * `method="asymptotic"`). `undefined` when a sample is empty or holds NaN.
 */
export function mannWhitney(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  alternative: Alternative = 'two-sided',
): MannWhitney | undefined {
  const n = first.length;
  const m = second.length;
  const pooled = Float64Array.from([...Array.from(first), ...Array.from(second)]);
  if (n === 0 || m === 0 || pooled.some(Number.isNaN)) return undefined;
  const rankSum = midRanks(pooled)
    .subarray(0, n)
    .reduce((sum, rank) => sum + rank, 0);
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - tieTerm(pooled) / (total * (total - 1))));
  return { u, effect: u / (n * m), pValue: deviation === 0 ? 1 : tailOf(u - (n * m) / 2, deviation, alternative) };
}

function tailOf(excess: number, deviation: number, alternative: Alternative): number {
  if (alternative === 'less') return pValueOfZ((excess + 0.5) / deviation, 'less');
  const distance = alternative === 'two-sided' ? Math.abs(excess) : excess;
  const upper = pValueOfZ((distance - 0.5) / deviation, 'greater');
  return alternative === 'greater' ? upper : Math.min(1, 2 * upper);
}

function tieTerm(values: Float64Array): number {
  const order = ascendingOrder(values);
  let sum = 0;
  for (let start = 0; start < order.length;) {
    const end = tieEnd(values, order, start);
    sum += (end - start) ** 3 - (end - start);
    start = end;
  }
  return sum;
}
