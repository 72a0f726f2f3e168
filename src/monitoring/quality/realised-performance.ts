import {
  auc,
  brierScore,
  calibrationError,
  calibrationTable,
  confusionAt,
  confusionRates,
  logLoss,
  mean,
  notMeasurable,
  positiveRate,
  type CalibrationBin,
  type ConfusionRates,
  type Measured,
  type ScoredRows,
} from '#kernel/statistics/index.ts';

/** The predictions of one window. `labels[i]` is 0, 1, or `undefined` while the label has not come. */
export interface WindowPredictions {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number | undefined>;
}

export interface RealisedPerformance extends ConfusionRates {
  readonly predictions: number;
  readonly labelled: number;
  /** labelled / predictions */
  readonly labelCoverage: number;
  /** Labelled predictions whose score is no probability or whose label is neither 0 nor 1; they are left out. */
  readonly invalid: number;
  readonly auc: number | undefined;
  readonly logLoss: number | undefined;
  readonly brier: number | undefined;
  readonly calibrationError: number | undefined;
  readonly predictedRate: number | undefined;
  readonly observedRate: number | undefined;
  readonly calibration: readonly CalibrationBin[];
}

/**
 * What the model was worth in a window, from the labels that have come; run it again when more come. A metric that one class or few
 * rows cannot give is `undefined`; a window without any usable label is not measurable.
 */
export function realisedPerformance(window: WindowPredictions, threshold = 0.5): Measured<RealisedPerformance> {
  const { rows, labelled, invalid } = usableRows(window);
  if (window.scores.length === 0) return notMeasurable('The window holds no predictions.');
  if (rows.labels.length === 0) {
    return notMeasurable(labelled === 0 ? 'No labels have come for this window yet.' : 'No label of this window could be used.');
  }
  return {
    state: 'measured',
    predictions: window.scores.length,
    labelled,
    labelCoverage: labelled / window.scores.length,
    invalid,
    auc: auc(rows),
    logLoss: logLoss(rows),
    brier: brierScore(rows),
    calibrationError: calibrationError(rows),
    predictedRate: mean(rows.scores),
    observedRate: positiveRate(rows.labels),
    calibration: calibrationTable(rows) ?? [],
    ...confusionRates(confusionAt(rows, threshold)),
  };
}

function usableRows({ scores, labels }: WindowPredictions): {
  readonly rows: ScoredRows;
  readonly labelled: number;
  readonly invalid: number;
} {
  const usable = { labels: new Uint8Array(scores.length), scores: new Float64Array(scores.length) };
  let used = 0;
  let labelled = 0;
  for (let row = 0; row < scores.length; row++) {
    const label = labels[row];
    const score = scores[row] ?? Number.NaN;
    if (label === undefined) continue;
    labelled += 1;
    if ((label !== 0 && label !== 1) || !(score >= 0 && score <= 1)) continue;
    usable.labels[used] = label;
    usable.scores[used] = score;
    used += 1;
  }
  const rows = { labels: usable.labels.subarray(0, used), scores: usable.scores.subarray(0, used) };
  return { rows, labelled, invalid: labelled - used };
}
