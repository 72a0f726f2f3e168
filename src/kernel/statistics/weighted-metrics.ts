import { binOfRows, defaultBinning } from './calibration.ts';
import { areProbabilities, rowBrier, rowLogLoss, type ScoredRows } from './classification.ts';
import { ascendingOrder, tieEnd } from './quantile.ts';

/** A metric that is prepared once for its rows and then evaluated for many row weights. */
export interface WeightedMetric {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly needs: 'scores' | 'probabilities';
  /** Weights are counts of the rows, all of one length; `undefined` when the weighted rows hold one class only. */
  readonly prepare: (rows: ScoredRows) => (weights: ArrayLike<number>) => number | undefined;
}

export const weightedAuc: WeightedMetric = {
  name: 'auc',
  better: 'higher',
  needs: 'scores',
  prepare: ({ labels, scores }) => {
    const order = ascendingOrder(scores);
    const positive = Uint8Array.from(order, (row) => (labels[row] === 1 ? 1 : 0));
    const closesTie = new Uint8Array(order.length);
    for (let start = 0; start < order.length;) {
      start = tieEnd(scores, order, start);
      closesTie[start - 1] = 1;
    }
    return (weights) => weightedPairs(order, positive, { closesTie, weights });
  },
};

// One pass over the sorted rows; this loop runs once for each resample, so it allocates nothing.
function weightedPairs(
  order: Uint32Array,
  positive: Uint8Array,
  { closesTie, weights }: { readonly closesTie: Uint8Array; readonly weights: ArrayLike<number> },
): number | undefined {
  let negativesBelow = 0;
  let positives = 0;
  let pairs = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let position = 0; position < order.length; position++) {
    const weight = weights[order[position] ?? 0] ?? 0;
    if (positive[position] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (closesTie[position] === 1) {
      pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
      positives += tiedPositives;
      negativesBelow += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
  }
  return positives === 0 || negativesBelow === 0 ? undefined : pairs / (positives * negativesBelow);
}

function meanLoss(name: string, loss: (label: number, score: number) => number): WeightedMetric {
  return {
    name,
    better: 'lower',
    needs: 'probabilities',
    prepare: ({ labels, scores }) => {
      const losses = Float64Array.from(scores, (score, row) => loss(labels[row] ?? 0, score));
      return (weights) => {
        let sum = 0;
        let total = 0;
        for (let row = 0; row < losses.length; row++) {
          const weight = weights[row] ?? 0;
          sum += weight * (losses[row] ?? 0);
          total += weight;
        }
        return total === 0 ? undefined : sum / total;
      };
    },
  };
}

const weightedCalibrationError: WeightedMetric = {
  name: 'calibration_error',
  better: 'lower',
  needs: 'probabilities',
  prepare: ({ labels, scores }) => {
    const bins = binOfRows(scores, defaultBinning);
    const excess = Float64Array.from(scores, (score, row) => score - (labels[row] === 1 ? 1 : 0));
    const sums = new Float64Array(defaultBinning.bins);
    return (weights) => {
      sums.fill(0);
      let total = 0;
      for (let row = 0; row < excess.length; row++) {
        const weight = weights[row] ?? 0;
        sums[bins[row] ?? 0] = (sums[bins[row] ?? 0] ?? 0) + weight * (excess[row] ?? 0);
        total += weight;
      }
      return total === 0 ? undefined : sums.reduce((sum, value) => sum + Math.abs(value), 0) / total;
    };
  },
};

/** The metrics that can be resampled, by the names that evaluations use. */
export const weightedMetrics = {
  auc: weightedAuc,
  log_loss: meanLoss('log_loss', rowLogLoss),
  brier: meanLoss('brier', rowBrier),
  calibration_error: weightedCalibrationError,
} as const satisfies Record<string, WeightedMetric>;

export type WeightedMetricName = keyof typeof weightedMetrics;

/** Whether the metric has a value for these scores at all. */
export function suitsMetric(metric: WeightedMetric, scores: ArrayLike<number>): boolean {
  return metric.needs === 'probabilities' ? areProbabilities(scores) : Array.from(scores).every(Number.isFinite);
}
