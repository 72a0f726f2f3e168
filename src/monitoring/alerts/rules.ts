import { z } from 'zod';
import { metricProblem } from '../metric-names.ts';

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
  readonly operator: 'above' | 'below';
  readonly limit: AlertLimit;
  /** Consecutive bad windows before it fires. */
  readonly consecutiveWindows: number;
  /** Consecutive good windows before it resolves. */
  readonly resolveAfter: number;
  readonly minimumPredictions: number;
  readonly minimumLabels: number;
  /** What a window without enough data means: nothing, so that the state is kept, or a bad window. */
  readonly noData: 'keep' | 'fire';
  readonly severity: AlertSeverity;
}

/** What the evaluation reads of a window; times are epoch milliseconds. */
export interface AlertWindow {
  readonly start: number;
  readonly end: number;
  readonly predictions: number;
  readonly labelled: number;
  readonly metrics: Readonly<Record<string, number | undefined>>;
  /** The same metrics in the reference that the window was compared with; for relative limits. */
  readonly reference: Readonly<Record<string, number | undefined>>;
}

const relative = z.union([
  z.strictObject({ ratio: z.number().positive() }).transform(({ ratio }): AlertLimit => ({ kind: 'ratio', value: ratio })),
  z.strictObject({ difference: z.number() }).transform(({ difference }): AlertLimit => ({ kind: 'difference', value: difference })),
]);

const count = z.int().nonnegative();

/** The keys of a rule in `ripen.yaml`. */
export const alertRuleKeys = z.strictObject({
  name: z.string().min(1).max(120),
  metric: z.string().min(1).max(200),
  operator: z.enum(['above', 'below']),
  threshold: z.number().optional(),
  relative_to_reference: relative.optional(),
  consecutive_windows: z.int().min(1).max(1000).default(1),
  resolve_after: z.int().min(1).max(1000).default(1),
  minimum_predictions: count.default(1),
  minimum_labels: count.default(0),
  no_data: z.enum(['keep', 'fire']).default('keep'),
  severity: z.enum(['warning', 'critical']).default('warning'),
});

/** A rule as `ripen.yaml` writes it; its limit is `threshold`, or `relative_to_reference: { ratio: 1.5 }` or `{ difference: -0.02 }`. */
export const alertRuleDeclaration = alertRuleKeys.transform((declared, context): AlertRule => {
  const limits = [
    ...(declared.threshold === undefined ? [] : [{ kind: 'absolute' as const, value: declared.threshold }]),
    ...(declared.relative_to_reference === undefined ? [] : [declared.relative_to_reference]),
  ];
  const [limit = { kind: 'absolute' as const, value: 0 }] = limits;
  if (limits.length !== 1) context.addIssue('needs either threshold or relative_to_reference');
  const problem = metricProblem(declared.metric);
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['metric'], message: problem });
  return {
    name: declared.name,
    metric: declared.metric,
    operator: declared.operator,
    limit,
    consecutiveWindows: declared.consecutive_windows,
    resolveAfter: declared.resolve_after,
    minimumPredictions: declared.minimum_predictions,
    minimumLabels: declared.minimum_labels,
    noData: declared.no_data,
    severity: declared.severity,
  };
});
