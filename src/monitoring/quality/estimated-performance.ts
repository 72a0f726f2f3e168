import {
  ascendingOrder,
  confusionRates,
  mean,
  notMeasurable,
  tieEnd,
  type Confusion,
  type ConfusionRates,
  type Measured,
} from '#kernel/statistics/index.ts';

export interface EstimatedPerformance extends ConfusionRates {
  readonly predictions: number;
  readonly auc: number | undefined;
  /** The mean calibrated probability: the expected share of positive labels. */
  readonly expectedRate: number;
}

export interface EstimationInput {
  /** What the model answered; the threshold and the ranking use these. */
  readonly scores: ArrayLike<number>;
  /** The score as a probability that held on labelled data; `isotonicCalibration` makes one. Left out: scores are calibrated already. */
  readonly calibrate?: ((score: number) => number) | undefined;
  readonly threshold?: number;
}

const fewestPredictions = 100;

/**
 * Performance expected without labels (confidence-based performance estimation, NannyML 0.13.1's CBPE): each prediction counts as
 * positive with its calibrated probability. It sees a change of the inputs, never a change of what the inputs mean: a model that is
 * wrong in a new way still looks as good as it believes to be.
 */
export function estimatedPerformance({ scores, calibrate, threshold = 0.5 }: EstimationInput): Measured<EstimatedPerformance> {
  const usable = Float64Array.from(scores).filter((score) => score >= 0 && score <= 1);
  if (usable.length < fewestPredictions) {
    return notMeasurable(`There are ${usable.length} predictions with a probability; an estimate needs ${fewestPredictions}.`);
  }
  const probabilities = calibrate === undefined ? usable : usable.map((score) => calibrate(score));
  const expectedRate = mean(probabilities);
  if (expectedRate === undefined) return notMeasurable('The calibration gives no finite probability for some score.');
  return {
    state: 'measured',
    predictions: usable.length,
    auc: expectedAuc(usable, probabilities),
    expectedRate,
    ...confusionRates(expectedConfusion(usable, probabilities, threshold)),
  };
}

function expectedConfusion(scores: Float64Array, probabilities: Float64Array, threshold: number): Confusion {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  probabilities.forEach((probability, row) => {
    const isPositive = (scores[row] ?? 0) >= threshold;
    counts[isPositive ? 'truePositives' : 'falseNegatives'] += probability;
    counts[isPositive ? 'falsePositives' : 'trueNegatives'] += 1 - probability;
  });
  return counts;
}

// Each row weighs p among the positives and 1 - p among the negatives.
function expectedAuc(scores: Float64Array, probabilities: Float64Array): number | undefined {
  const order = ascendingOrder(scores);
  let negativesBelow = 0;
  let positives = 0;
  let pairs = 0;
  for (let start = 0; start < order.length;) {
    const end = tieEnd(scores, order, start);
    const tied = order.subarray(start, end).reduce((sum, row) => sum + (probabilities[row] ?? 0), 0);
    const tiedNegatives = end - start - tied;
    pairs += tied * (negativesBelow + tiedNegatives / 2);
    positives += tied;
    negativesBelow += tiedNegatives;
    start = end;
  }
  return positives > 0 && negativesBelow > 0 ? pairs / (positives * negativesBelow) : undefined;
}
