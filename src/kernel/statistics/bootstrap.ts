import { assertSameLength, assertShare } from './errors.ts';
import { notMeasurable, type Measured, type NotMeasurable } from './measurement.ts';
import type { Interval } from './proportions.ts';
import { quantileOfSorted } from './quantile.ts';
import { seededRandom, type Random } from './random.ts';
import { suitsMetric, weightedMetrics, type WeightedMetricName } from './weighted-metrics.ts';

export interface PairedRows {
  readonly labels: ArrayLike<number>;
  /** Scores of the two models for the same rows. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

export interface BootstrapSettings {
  readonly metric: WeightedMetricName;
  readonly seed: number;
  readonly resamples?: number;
  readonly confidence?: number;
  /** The least rows of each class that make a comparison worth anything. */
  readonly minimumPerClass?: number;
}

export interface MetricDifference {
  readonly first: number;
  readonly second: number;
  /** first − second, in the units of the metric. */
  readonly difference: number;
  /** Quantiles of the resampled differences. */
  readonly percentile: Interval;
  /** The same mirrored at the observed difference (Davison and Hinkley 1997, eq. 5.6). */
  readonly basic: Interval;
  readonly standardError: number;
  readonly rows: number;
  readonly resamples: number;
}

/**
 * Paired bootstrap of a metric difference: rows are resampled with replacement, both models are judged on the same resample. Models
 * are sorted once and each resample is a vector of row counts, so 20,000 rows × 1,000 resamples of the AUC take well under a second.
 */
export function pairedBootstrap(rows: PairedRows, settings: BootstrapSettings): Measured<MetricDifference> {
  const { confidence = 0.95, resamples = 1000 } = settings;
  assertSameLength('The scores of the first model', rows.labels, rows.first);
  assertSameLength('The scores of the second model', rows.labels, rows.second);
  assertShare('The confidence', confidence);
  const unsuitable = whyUnsuitable(rows, settings);
  if (unsuitable !== undefined) return unsuitable;
  const metric = weightedMetrics[settings.metric];
  const ofFirst = metric.prepare({ labels: rows.labels, scores: rows.first });
  const ofSecond = metric.prepare({ labels: rows.labels, scores: rows.second });
  const once = new Uint32Array(rows.labels.length).fill(1);
  const first = ofFirst(once);
  const second = ofSecond(once);
  if (first === undefined || second === undefined) return notMeasurable(`${metric.name} has no value for these rows.`);
  const weights = new Uint32Array(rows.labels.length);
  const random = seededRandom(settings.seed);
  const differences: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    drawCounts(weights, random);
    const a = ofFirst(weights);
    const b = ofSecond(weights);
    if (a !== undefined && b !== undefined) differences.push(a - b);
  }
  return summarise(differences, { first, second, rows: rows.labels.length, confidence });
}

function whyUnsuitable(rows: PairedRows, { metric: name, minimumPerClass = 10 }: BootstrapSettings): NotMeasurable | undefined {
  const metric = weightedMetrics[name];
  let positives = 0;
  for (let row = 0; row < rows.labels.length; row++) {
    const label = rows.labels[row];
    if (label !== 0 && label !== 1) return notMeasurable(`Row ${row} has the label ${String(label)}; labels are 0 or 1.`);
    positives += label;
  }
  const negatives = rows.labels.length - positives;
  if (Math.min(positives, negatives) < minimumPerClass) {
    return notMeasurable(`There are ${positives} positive and ${negatives} negative rows; a comparison needs ${minimumPerClass} of each.`);
  }
  const valid = metric.needs === 'probabilities' ? 'probabilities from 0 to 1' : 'finite numbers';
  if (!suitsMetric(metric, rows.first)) return notMeasurable(`Some scores of the first model are not ${valid}.`);
  if (!suitsMetric(metric, rows.second)) return notMeasurable(`Some scores of the second model are not ${valid}.`);
  return undefined;
}

// n draws with replacement, as the multinomial count of each row.
function drawCounts(weights: Uint32Array, random: Random): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw++) {
    const row = random.integer(weights.length);
    weights[row] = (weights[row] ?? 0) + 1;
  }
}

function summarise(
  differences: readonly number[],
  observed: { readonly first: number; readonly second: number; readonly rows: number; readonly confidence: number },
): Measured<MetricDifference> {
  const sorted = Float64Array.from(differences).sort();
  const tail = (1 - observed.confidence) / 2;
  const lower = quantileOfSorted(sorted, tail);
  const upper = quantileOfSorted(sorted, 1 - tail);
  if (lower === undefined || upper === undefined || sorted.length < 2) return notMeasurable('No resample held rows of both classes.');
  const difference = observed.first - observed.second;
  const centre = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return {
    state: 'measured',
    first: observed.first,
    second: observed.second,
    difference,
    percentile: { lower, upper },
    basic: { lower: 2 * difference - upper, upper: 2 * difference - lower },
    standardError: Math.sqrt(squares / (sorted.length - 1)),
    rows: observed.rows,
    resamples: sorted.length,
  };
}
