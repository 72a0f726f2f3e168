import type { EvaluationWire } from '#registry/wire.ts';
import { formatFixed, formatNumber } from '../ui/format.ts';

type Metrics = EvaluationWire['metrics'];

// The figure by which people speak of a model, where several were measured.
const preferred = ['auc', 'roc_auc', 'average_precision', 'f1', 'accuracy', 'r2', 'rmse', 'mae', 'log_loss'] as const;

/** The one metric that stands for a model in a list. */
export function mainMetric(metrics: Metrics): { readonly name: string; readonly value: number | null } | undefined {
  const name = preferred.find((one) => Object.hasOwn(metrics, one)) ?? Object.keys(metrics).find((one) => !one.startsWith('baseline_'));
  return name === undefined ? undefined : { name, value: metrics[name] ?? null };
}

export interface BaselineRow {
  readonly name: string;
  readonly model: number | null;
  readonly baseline: number | null;
  /** undefined: it is not known which direction is better. */
  readonly better: boolean | undefined;
}

const lowerIsBetter = /loss|error|brier|rmse|mae|mse|latency|_ms$/;
const higherIsBetter = /auc|accuracy|precision|recall|f1|r2/;

/** Each metric that was measured for the baseline as well (`auc` beside `baseline_auc`). */
export function againstBaseline(metrics: Metrics): readonly BaselineRow[] {
  return Object.entries(metrics).flatMap(([name, baseline]) => {
    const own = name.slice('baseline_'.length);
    if (!name.startsWith('baseline_') || !Object.hasOwn(metrics, own)) return [];
    return [{ name: own, model: metrics[own] ?? null, baseline, better: isBetter(own, metrics[own] ?? null, baseline) }];
  });
}

/** Whether `value` is better than `other`; undefined where the name does not tell, or one is missing. */
export function isBetter(name: string, value: number | null, other: number | null): boolean | undefined {
  if (value === null || other === null || value === other || name.startsWith('baseline_')) return undefined;
  if (lowerIsBetter.test(name)) return value < other;
  return higherIsBetter.test(name) ? value > other : undefined;
}

/** The metrics that have no baseline and are none. */
export function otherMetrics(metrics: Metrics): readonly (readonly [name: string, value: number | null])[] {
  return Object.entries(metrics).filter(([name]) => !name.startsWith('baseline_') && !Object.hasOwn(metrics, `baseline_${name}`));
}

/** Shares and errors with the same decimals each time, so that they stand comparable below each other. */
export function metricText(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 10 || Math.abs(value) < 0.001 ? formatNumber(value) : formatFixed(value, 4);
}

/** "log_loss" as people read it. */
export function metricWords(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\b(auc|mae|mse|rmse|r2|f1)\b/g, (word) => word.toUpperCase());
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`.replace(/ ms$/, ' (ms)').replace(/ bytes$/, ' (bytes)');
}
