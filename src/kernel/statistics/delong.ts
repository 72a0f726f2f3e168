import type { ScoredRows } from './classification.ts';
import { assertSameLength } from './errors.ts';
import { pValueOfZ } from './proportions.ts';
import { midRanks } from './quantile.ts';

interface Placements {
  readonly auc: number;
  /** For each positive row the share of negatives it beats; for each negative row the share of positives that beat it. */
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

function placements(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements | undefined {
  const all = Float64Array.from(scores);
  const positives = all.filter((_, row) => labels[row] === 1);
  const negatives = all.filter((_, row) => labels[row] !== 1);
  if (positives.length < 2 || negatives.length < 2 || !all.every(Number.isFinite)) return undefined;
  const ranks = midRanks(all);
  const ranksOfPositives = ranks.filter((_, row) => labels[row] === 1);
  const ranksOfNegatives = ranks.filter((_, row) => labels[row] !== 1);
  const amongPositives = midRanks(positives);
  const amongNegatives = midRanks(negatives);
  const ofPositives = ranksOfPositives.map((rank, index) => (rank - (amongPositives[index] ?? 0)) / negatives.length);
  const ofNegatives = ranksOfNegatives.map((rank, index) => 1 - (rank - (amongNegatives[index] ?? 0)) / positives.length);
  return { auc: ofPositives.reduce((sum, value) => sum + value, 0) / positives.length, ofPositives, ofNegatives };
}

function sampleVariance(values: Float64Array): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** AUC with its standard error (DeLong et al. 1988). `undefined` with fewer than two rows of a class or a score that is not finite. */
export function aucWithError({ labels, scores }: ScoredRows): { readonly auc: number; readonly standardError: number } | undefined {
  assertSameLength('The scores', labels, scores);
  const placed = placements(labels, scores);
  if (placed === undefined) return undefined;
  const { auc, ofPositives, ofNegatives } = placed;
  const variance = sampleVariance(ofPositives) / ofPositives.length + sampleVariance(ofNegatives) / ofNegatives.length;
  return { auc, standardError: Math.sqrt(variance) };
}

export interface AucComparison {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly standardError: number;
  readonly z: number;
  readonly pValue: number;
}

/**
 * Two-sided DeLong test that two models have one AUC on the same rows (DeLong et al. 1988, by mid-ranks as Sun and Xu 2014).
 * Models that rank all rows alike differ by nothing: z is 0 and p is 1.
 */
export function delongTest(
  labels: ArrayLike<number>,
  firstScores: ArrayLike<number>,
  secondScores: ArrayLike<number>,
): AucComparison | undefined {
  assertSameLength('The scores of the first model', labels, firstScores);
  assertSameLength('The scores of the second model', labels, secondScores);
  const first = placements(labels, firstScores);
  const second = placements(labels, secondScores);
  if (first === undefined || second === undefined) return undefined;
  const difference = first.auc - second.auc;
  const ofPositives = first.ofPositives.map((value, index) => value - (second.ofPositives[index] ?? 0));
  const ofNegatives = first.ofNegatives.map((value, index) => value - (second.ofNegatives[index] ?? 0));
  const variance = sampleVariance(ofPositives) / ofPositives.length + sampleVariance(ofNegatives) / ofNegatives.length;
  const standardError = Math.sqrt(variance);
  const z = standardError === 0 ? 0 : difference / standardError;
  return { first: first.auc, second: second.auc, difference, standardError, z, pValue: pValueOfZ(z, 'two-sided') };
}
