import { nearestName } from '#kernel/nearest-name.ts';
import { driftMethods } from './drift/methods.ts';

/** Metrics of a window that need no labels. */
export const serviceMetrics = [
  'predictions',
  'requests',
  'error_rate',
  'latency_p50_ms',
  'latency_p95_ms',
  'latency_p99_ms',
  'error_budget_remaining',
  'invalid_scores',
  'mean_score',
  'drifted_share',
  'label_coverage',
  'estimated_auc',
  'estimated_accuracy',
  'estimated_rate',
] as const;

/** Metrics that labels give; they count for alerts only when the labels of a window have settled. */
export const qualityMetrics = [
  'auc',
  'log_loss',
  'brier',
  'calibration_error',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'observed_rate',
  'predicted_rate',
  'observed_to_predicted',
] as const;

const families = [
  'missing.',
  'unseen.',
  'out_of_range.',
  ...Object.keys(driftMethods).flatMap((method) => [`drift.${method}.`, `score_drift.${method}`]),
];

/** What is wrong with a metric's name in a rule; the features of a model are not known here. */
export function metricProblem(metric: string): string | undefined {
  const known = [...serviceMetrics, ...qualityMetrics];
  if (known.some((name) => name === metric)) return undefined;
  const isWorst = metric.endsWith('*');
  const beginning = isWorst ? metric.slice(0, -1) : metric;
  if (
    families.some((family) =>
      family.endsWith('.') ? beginning.startsWith(family) && (isWorst || beginning.length > family.length) : beginning === family,
    )
  ) {
    return undefined;
  }
  if (isWorst && families.some((family) => family.startsWith(beginning))) return undefined;
  const nearest = nearestName(metric, [...known, ...families.map((family) => (family.endsWith('.') ? `${family}*` : family))]);
  return `no window has a metric "${metric}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}
