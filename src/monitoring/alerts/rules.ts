import { z } from 'zod';

/** How far a metric may go: a number, or a number derived from the value the metric has in the reference. */
export type AlertLimit =
  | { readonly kind: 'absolute'; readonly value: number }
  /** Limit = reference × value. */
  | { readonly kind: 'ratio'; readonly value: number }
  /** Limit = reference + value. */
  | { readonly kind: 'difference'; readonly value: number };

export type AlertSeverity = 'warning' | 'critical';

/** One condition on one metric of a deployment's windows, as data. */
export interface AlertRule {
  readonly name: string;
  /** As in a window's metrics: `calibration_error`, `drift.psi.distance`, `auc`, …; `drift.psi.*` is the worst that begins so. */
  readonly metric: string;
  readonly compare: 'above' | 'below';
  readonly limit: AlertLimit;
  /** Consecutive bad windows before it fires. */
  readonly for: number;
  /** Consecutive good windows before it resolves. */
  readonly resolveAfter: number;
  readonly minimumPredictions: number;
  readonly minimumLabels: number;
  /** What a window without enough data means: nothing (`ok`), or a bad window (`fire`). */
  readonly noData: 'ok' | 'fire';
  readonly severity: AlertSeverity;
}

/** A time in which a rule tells nobody. Its state goes on, so that what still burns is told when the silence ends. */
export interface Silence {
  /** Epoch milliseconds, [from, until). */
  readonly from: number;
  readonly until: number;
  readonly reason: string;
}

/** What the evaluation reads of a window; times are epoch milliseconds. */
export interface AlertWindow {
  readonly start: number;
  readonly end: number;
  readonly predictions: number;
  readonly labelled: number;
  readonly metrics: Readonly<Record<string, number | undefined>>;
}

const limit = z.union([
  z.number().transform((value): AlertLimit => ({ kind: 'absolute', value })),
  z.strictObject({ ratio: z.number().positive() }).transform(({ ratio }): AlertLimit => ({ kind: 'ratio', value: ratio })),
  z.strictObject({ difference: z.number() }).transform(({ difference }): AlertLimit => ({ kind: 'difference', value: difference })),
]);

const count = z.int().nonnegative();

/** A rule as `ripen.yaml` writes it: `threshold` is a number, `{ ratio: 1.5 }` or `{ difference: -0.02 }` (of the reference). */
export const alertRuleDeclaration = z
  .strictObject({
    name: z.string().min(1).max(120),
    metric: z.string().min(1).max(200),
    compare: z.enum(['above', 'below']),
    threshold: limit,
    for: z.int().min(1).max(1000).default(1),
    resolve_after: z.int().min(1).max(1000).default(1),
    minimum_predictions: count.default(1),
    minimum_labels: count.default(0),
    no_data: z.enum(['ok', 'fire']).default('ok'),
    severity: z.enum(['warning', 'critical']).default('warning'),
  })
  .transform((declared): AlertRule => ({
    name: declared.name,
    metric: declared.metric,
    compare: declared.compare,
    limit: declared.threshold,
    for: declared.for,
    resolveAfter: declared.resolve_after,
    minimumPredictions: declared.minimum_predictions,
    minimumLabels: declared.minimum_labels,
    noData: declared.no_data,
    severity: declared.severity,
  }));

/** How one window looks to one rule. */
export type AlertReading =
  | { readonly state: 'good' | 'bad'; readonly value: number; readonly threshold: number; readonly explanation: string }
  | { readonly state: 'no-data'; readonly explanation: string };

/** Reads a window with a rule; `reference` is the value of the metric in the reference, needed by relative limits only. */
export function readWindow(rule: AlertRule, window: AlertWindow, reference: number | undefined): AlertReading {
  const { metric, value } = metricOf(rule, window);
  const lack = whatLacks(rule, window, value);
  if (lack !== undefined || value === undefined) return { state: 'no-data', explanation: lack ?? '' };
  const threshold = thresholdOf(rule.limit, reference);
  if (threshold === undefined) return { state: 'no-data', explanation: `The reference has no ${metric} to compare with.` };
  const isBad = rule.compare === 'above' ? value > threshold : value < threshold;
  const than = rule.limit.kind === 'absolute' ? '' : ` (${describeLimit(rule.limit)} of the reference ${formatNumber(reference ?? 0)})`;
  const verb = isBad ? `is ${rule.compare}` : `is not ${rule.compare}`;
  const explanation = `${metric} ${formatNumber(value)} ${verb} ${formatNumber(threshold)}${than}.`;
  return { state: isBad ? 'bad' : 'good', value, threshold, explanation };
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
  const towards = rule.compare === 'above' ? 1 : -1;
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
