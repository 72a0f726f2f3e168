import type { AlertLimit, AlertRule, AlertWindow } from './rules.ts';

/** How one window looks to one rule. */
export type AlertReading =
  | {
      readonly state: 'good' | 'bad';
      /** The metric that was read; with a star in the rule the one nearest to firing. */
      readonly metric: string;
      readonly value: number;
      readonly threshold: number;
      readonly explanation: string;
    }
  | { readonly state: 'no-data'; readonly explanation: string };

/** Reads a window with a rule. */
export function readWindow(rule: AlertRule, window: AlertWindow): AlertReading {
  const { metric, value } = metricOf(rule, window);
  const lack = whatLacks(rule, window, value);
  if (lack !== undefined || value === undefined) return { state: 'no-data', explanation: lack ?? '' };
  const reference = Object.hasOwn(window.reference, metric) ? window.reference[metric] : undefined;
  const threshold = thresholdOf(rule.limit, reference);
  if (threshold === undefined) return { state: 'no-data', explanation: `The reference has no ${metric} to compare with.` };
  const isBad = rule.operator === 'above' ? value > threshold : value < threshold;
  const than = rule.limit.kind === 'absolute' ? '' : ` (${describeLimit(rule.limit)} of the reference ${formatNumber(reference ?? 0)})`;
  const verb = isBad ? `is ${rule.operator}` : `is not ${rule.operator}`;
  const explanation = `${metric} ${formatNumber(value)} ${verb} ${formatNumber(threshold)}${than}.`;
  return { state: isBad ? 'bad' : 'good', metric, value, threshold, explanation };
}

// A name that ends in `*` stands for the metric that is nearest to firing among all that begin with the rest.
function metricOf(rule: AlertRule, { metrics }: AlertWindow): { readonly metric: string; readonly value: number | undefined } {
  if (!rule.metric.endsWith('*')) {
    return { metric: rule.metric, value: Object.hasOwn(metrics, rule.metric) ? metrics[rule.metric] : undefined };
  }
  const beginning = rule.metric.slice(0, -1);
  const matching = Object.entries(metrics).flatMap(([metric, value]) =>
    metric.startsWith(beginning) && value !== undefined && Number.isFinite(value) ? [{ metric, value }] : [],
  );
  const towards = rule.operator === 'above' ? 1 : -1;
  return matching.toSorted((a, b) => towards * (b.value - a.value))[0] ?? { metric: rule.metric, value: undefined };
}

function whatLacks(rule: AlertRule, window: AlertWindow, value: number | undefined): string | undefined {
  if (window.predictions < rule.minimumPredictions) {
    return `The window holds ${window.predictions} predictions; the rule needs ${rule.minimumPredictions}.`;
  }
  if (window.labelled < rule.minimumLabels) return `${window.labelled} labels have come; the rule needs ${rule.minimumLabels}.`;
  return value === undefined || !Number.isFinite(value) ? `The window has no ${rule.metric}.` : undefined;
}

function thresholdOf(of: AlertLimit, reference: number | undefined): number | undefined {
  if (of.kind === 'absolute') return of.value;
  if (reference === undefined || !Number.isFinite(reference)) return undefined;
  return of.kind === 'ratio' ? reference * of.value : reference + of.value;
}

function describeLimit(of: AlertLimit): string {
  return of.kind === 'ratio' ? `${formatNumber(of.value)} times` : `${of.value < 0 ? '' : '+'}${formatNumber(of.value)}`;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
