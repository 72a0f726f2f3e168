import type { Measured } from '#kernel/statistics/index.ts';
import type { Metrics } from '../model.ts';
import type { EstimatedPerformance } from '../quality/estimated-performance.ts';
import type { RealisedPerformance } from '../quality/realised-performance.ts';

/** Realised performance under the names of window metrics; what could not be measured has no entry. */
export function performanceMetrics(of: Measured<RealisedPerformance>): Metrics {
  if (of.state === 'not-measurable') return {};
  const { predictedRate, observedRate } = of;
  const isComparable = predictedRate !== undefined && observedRate !== undefined && predictedRate > 0;
  return finite({
    auc: of.auc,
    log_loss: of.logLoss,
    brier: of.brier,
    calibration_error: of.calibrationError,
    accuracy: of.accuracy,
    precision: of.precision,
    recall: of.recall,
    f1: of.f1,
    observed_rate: observedRate,
    predicted_rate: predictedRate,
    observed_to_predicted: isComparable ? observedRate / predictedRate : undefined,
  });
}

export function estimatedMetrics(of: Measured<EstimatedPerformance>): Metrics {
  if (of.state === 'not-measurable') return {};
  return finite({ estimated_auc: of.auc, estimated_accuracy: of.accuracy, estimated_rate: of.expectedRate });
}

/** Only what is a finite number, so that no comparison meets NaN. */
export function finite(metrics: Readonly<Record<string, number | undefined>>): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => (value !== undefined && Number.isFinite(value) ? [[name, value]] : [])),
  );
}
