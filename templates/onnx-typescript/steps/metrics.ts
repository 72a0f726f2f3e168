/** Figures of probability forecasts. Labels are 0 or 1, scores 0..1, both by position. */

type Values = ArrayLike<number>;

export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean score and share of positives; absent in an empty bin. */
  readonly predicted: number | null;
  readonly observed: number | null;
}

/** Area under the ROC curve by ranks, ties at their mean rank (Mann and Whitney 1947). NaN when only one class is present. */
export function areaUnderCurve(labels: Values, scores: Values): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let late = 0;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) late += labels[order[end++] ?? 0] ?? 0;
    rankSum += late * ((start + 1 + end) / 2);
    positives += late;
    start = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative log-likelihood in nats; scores are kept 1e-7 away from 0 and 1 so that one certain error stays finite. */
export function logLoss(labels: Values, scores: Values): number {
  return mean(labels.length, (row) => {
    const score = Math.min(1 - 1e-7, Math.max(1e-7, scores[row] ?? 0));
    return labels[row] === 1 ? -Math.log(score) : -Math.log(1 - score);
  });
}

/** Mean squared error of the probabilities (Brier 1950). */
export function brierScore(labels: Values, scores: Values): number {
  return mean(labels.length, (row) => ((scores[row] ?? 0) - (labels[row] ?? 0)) ** 2);
}

export function positiveRate(labels: Values): number {
  return mean(labels.length, (row) => labels[row] ?? 0);
}

/** Equal-width bins of the score, from 0 to 1. */
export function calibrationTable(labels: Values, scores: Values, bins = 20): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, predicted: 0, observed: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const sum = sums[Math.min(bins - 1, Math.floor((scores[row] ?? 0) * bins))];
    if (sum === undefined) throw new Error(`Score ${scores[row]} of row ${row} is not a probability.`);
    sum.count += 1;
    sum.predicted += scores[row] ?? 0;
    sum.observed += labels[row] ?? 0;
  }
  return sums.map(({ count, predicted, observed }, bin) => ({
    lower: bin / bins,
    upper: (bin + 1) / bins,
    count,
    predicted: count === 0 ? null : predicted / count,
    observed: count === 0 ? null : observed / count,
  }));
}

/** Expected calibration error: the gap between predicted and observed rate, weighted by the rows of each bin (Naeini et al. 2015). */
export function calibrationError(table: readonly CalibrationBin[]): number {
  const rows = table.reduce((sum, bin) => sum + bin.count, 0);
  return table.reduce((sum, bin) => sum + (bin.count / rows) * Math.abs((bin.predicted ?? 0) - (bin.observed ?? 0)), 0);
}

function mean(rows: number, value: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += value(row);
  return sum / rows;
}
