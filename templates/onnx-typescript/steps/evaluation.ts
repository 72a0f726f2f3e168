import type { LabelledFlights } from './flights.ts';
import { areaUnderCurve, brierScore, calibrationError, type CalibrationBin, calibrationTable, logLoss, positiveRate } from './metrics.ts';

/** The content of evaluation.json, which gates and the model card read. */
export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly calibration: readonly CalibrationBin[];
  readonly slices: readonly Slice[];
  readonly rows: number;
  readonly trained_on: Readonly<Record<string, string | number>>;
}

/** Figures of a part of the evaluation rows, named `key=value`. `auc` is null when all rows of the slice have one label. */
export interface Slice {
  readonly slice: string;
  readonly count: number;
  readonly auc: number | null;
  readonly baseline_auc: number | null;
  readonly log_loss: number;
  readonly positive_rate: number;
  readonly mean_score: number;
}

export function judge(
  rows: LabelledFlights,
  scores: Float32Array,
  baseline: Float64Array,
): { metrics: Record<string, number>; calibration: CalibrationBin[] } {
  const { labels } = rows;
  const calibration = calibrationTable(labels, scores);
  const hours = rows.flights.hour;
  const day = Array.from(labels.keys()).filter((row) => (hours[row] ?? 0) >= 5 && (hours[row] ?? 0) <= 21);
  const byDay = (values: ArrayLike<number>) => Float64Array.from(day, (row) => values[row] ?? 0);
  const auc = areaUnderCurve(labels, scores);
  const baselineAuc = areaUnderCurve(labels, baseline);
  return {
    calibration,
    metrics: {
      auc,
      log_loss: logLoss(labels, scores),
      brier: brierScore(labels, scores),
      calibration_error: calibrationError(calibration),
      positive_rate: positiveRate(labels),
      mean_score: positiveRate(scores),
      baseline_auc: baselineAuc,
      baseline_log_loss: logLoss(labels, baseline),
      baseline_brier: brierScore(labels, baseline),
      auc_over_baseline: auc - baselineAuc,
      // Without the night hours, which hold mostly flights that left late; see the model card.
      auc_daytime: areaUnderCurve(byDay(labels), byDay(scores)),
      baseline_auc_daytime: areaUnderCurve(byDay(labels), byDay(baseline)),
    },
  };
}

/** Slices with enough rows to be judged, largest first. */
export function sliceBy(
  rows: LabelledFlights,
  scored: { scores: Float32Array; baseline: Float64Array },
  by: { name: string; values: ArrayLike<string | number>; minimum: number; limit: number },
): Slice[] {
  const groups = new Map<string | number, number[]>();
  for (let row = 0; row < rows.labels.length; row++) {
    const value = by.values[row] ?? '';
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  return [...groups]
    .filter(([, members]) => members.length >= by.minimum)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, by.limit)
    .map(([value, members]) => {
      const pick = (values: ArrayLike<number>) => Float64Array.from(members, (row) => values[row] ?? 0);
      const labels = pick(rows.labels);
      const scores = pick(scored.scores);
      return {
        slice: `${by.name}=${value}`,
        count: members.length,
        auc: orNull(areaUnderCurve(labels, scores)),
        baseline_auc: orNull(areaUnderCurve(labels, pick(scored.baseline))),
        log_loss: logLoss(labels, scores),
        positive_rate: positiveRate(labels),
        mean_score: positiveRate(scores),
      };
    });
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
