import { assertSameLength } from './errors.ts';
import { ascendingOrder, tieEnd } from './quantile.ts';

/** A binary target (1 = positive, anything else negative) and a score per row; arrays of any kind, typed ones are fastest. */
export interface ScoredRows {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

// The smallest step above 1 of a 64-bit float: how scikit-learn keeps log(0) away.
const machineEpsilon = Number.EPSILON;

function allFinite(values: ArrayLike<number>): boolean {
  for (let row = 0; row < values.length; row++) if (!Number.isFinite(values[row])) return false;
  return true;
}

/** Whether every score is a probability. */
export function areProbabilities(scores: ArrayLike<number>): boolean {
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] ?? Number.NaN;
    if (!(score >= 0 && score <= 1)) return false;
  }
  return true;
}

/** Share of positive labels; `undefined` without rows. */
export function positiveRate(labels: ArrayLike<number>): number | undefined {
  let positives = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === 1) positives += 1;
  return labels.length === 0 ? undefined : positives / labels.length;
}

/** Mean; `undefined` without rows or with a value that is not finite. */
export function mean(values: ArrayLike<number>): number | undefined {
  if (values.length === 0 || !allFinite(values)) return undefined;
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] ?? 0;
  return sum / values.length;
}

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting one half. `undefined`
 * without rows of both classes or with a score that is not finite.
 */
export function auc({ labels, scores }: ScoredRows): number | undefined {
  assertSameLength('The scores', labels, scores);
  if (!allFinite(scores)) return undefined;
  const order = ascendingOrder(scores);
  let negativesBelow = 0;
  let positives = 0;
  let pairs = 0;
  for (let start = 0; start < order.length;) {
    const end = tieEnd(scores, order, start);
    let tiedPositives = 0;
    for (let position = start; position < end; position++) if (labels[order[position] ?? 0] === 1) tiedPositives += 1;
    const tiedNegatives = end - start - tiedPositives;
    pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
    negativesBelow += tiedNegatives;
    positives += tiedPositives;
    start = end;
  }
  return positives === 0 || negativesBelow === 0 ? undefined : pairs / (positives * negativesBelow);
}

/** The logarithmic loss of one row in nats, probabilities kept one machine epsilon away from 0 and 1 (as scikit-learn). */
export function rowLogLoss(label: number, probability: number): number {
  const kept = Math.min(1 - machineEpsilon, Math.max(machineEpsilon, probability));
  return -Math.log(label === 1 ? kept : 1 - kept);
}

/** The squared error of one probability. */
export function rowBrier(label: number, probability: number): number {
  return ((label === 1 ? 1 : 0) - probability) ** 2;
}

function meanOfRows({ labels, scores }: ScoredRows, loss: (label: number, score: number) => number): number | undefined {
  assertSameLength('The scores', labels, scores);
  if (labels.length === 0 || !areProbabilities(scores)) return undefined;
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += loss(labels[row] ?? 0, scores[row] ?? 0);
  return sum / labels.length;
}

/** Mean logarithmic loss in nats; `undefined` without rows or when a score is no probability. */
export function logLoss(rows: ScoredRows): number | undefined {
  return meanOfRows(rows, rowLogLoss);
}

/** Mean squared error of the probabilities (Brier 1950, binary form); `undefined` without rows or when a score is no probability. */
export function brierScore(rows: ScoredRows): number | undefined {
  return meanOfRows(rows, rowBrier);
}

export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Counts at a threshold: a row is predicted positive when its score is at or above it. A NaN score is predicted negative. */
export function confusionAt({ labels, scores }: ScoredRows, threshold: number): Confusion {
  assertSameLength('The scores', labels, scores);
  const counts = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] === 1 ? 2 : 0) + ((scores[row] ?? Number.NaN) >= threshold ? 1 : 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const [trueNegatives = 0, falsePositives = 0, falseNegatives = 0, truePositives = 0] = counts;
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

export interface ConfusionRates {
  readonly accuracy: number | undefined;
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly f1: number | undefined;
}

/** The usual rates of (possibly fractional) counts; `undefined` where the denominator is 0. */
export function confusionRates(counts: Confusion): ConfusionRates {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = counts;
  const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);
  return {
    accuracy: ratio(tp + tn, tp + fp + fn + tn),
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    f1: ratio(tp, tp + (fp + fn) / 2),
  };
}
