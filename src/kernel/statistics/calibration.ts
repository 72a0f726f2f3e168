import { areProbabilities, type ScoredRows } from './classification.ts';
import { assertSameLength } from './errors.ts';
import { ascendingOrder, tieEnd } from './quantile.ts';

export interface CalibrationBin {
  /** Scores of the bin lie in [lower, upper]. */
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of positive labels. */
  readonly observed: number;
}

/** `equal-width` cuts [0, 1] evenly; `equal-count` puts as many rows in each bin, never parting equal scores. */
export interface Binning {
  readonly bins: number;
  readonly by: 'equal-width' | 'equal-count';
}

export const defaultBinning: Binning = { bins: 10, by: 'equal-width' };

/** The bin number of each row. Bins are numbered from low scores to high; some may hold no row. */
export function binOfRows(scores: ArrayLike<number>, binning: Binning): Uint32Array {
  const bins = new Uint32Array(scores.length);
  if (binning.by === 'equal-width') {
    for (let row = 0; row < scores.length; row++) bins[row] = Math.min(binning.bins - 1, Math.floor((scores[row] ?? 0) * binning.bins));
    return bins;
  }
  const order = ascendingOrder(scores);
  for (let start = 0; start < order.length;) {
    const end = tieEnd(scores, order, start);
    const bin = Math.floor((start * binning.bins) / order.length);
    for (let position = start; position < end; position++) bins[order[position] ?? 0] = bin;
    start = end;
  }
  return bins;
}

/** Predicted against observed, one entry for each bin that holds rows; `undefined` without rows or when a score is no probability. */
export function calibrationTable(rows: ScoredRows, binning: Binning = defaultBinning): readonly CalibrationBin[] | undefined {
  const { labels, scores } = rows;
  assertSameLength('The scores', labels, scores);
  if (labels.length === 0 || !areProbabilities(scores)) return undefined;
  const bins = binOfRows(scores, binning);
  const cells = Array.from({ length: binning.bins }, () => ({ count: 0, scores: 0, positives: 0, lower: 1, upper: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const cell = cells[bins[row] ?? 0];
    const score = scores[row] ?? 0;
    if (cell === undefined) continue;
    cell.count += 1;
    cell.scores += score;
    cell.positives += labels[row] === 1 ? 1 : 0;
    cell.lower = Math.min(cell.lower, score);
    cell.upper = Math.max(cell.upper, score);
  }
  return cells.flatMap(({ count, scores: sum, positives, ...range }, index) => {
    const even = { lower: index / binning.bins, upper: (index + 1) / binning.bins };
    const { lower, upper } = binning.by === 'equal-width' ? even : range;
    return count === 0 ? [] : [{ lower, upper, count, predicted: sum / count, observed: positives / count }];
  });
}

/** Expected calibration error: Σ (count / rows)·|predicted − observed| (Naeini et al. 2015). `undefined` as for the table. */
export function calibrationError(rows: ScoredRows, binning: Binning = defaultBinning): number | undefined {
  const table = calibrationTable(rows, binning);
  return table?.reduce((sum, bin) => sum + (bin.count / rows.labels.length) * Math.abs(bin.predicted - bin.observed), 0);
}
