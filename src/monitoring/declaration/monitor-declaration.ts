import { z } from 'zod';
import { nearestName } from '#kernel/nearest-name.ts';
import { alertRuleDeclaration, alertRuleKeys, type AlertRule } from '../alerts/rules.ts';
import { channelDeclaration, type ChannelSettings } from '../channels/settings.ts';
import type { DriftSettings } from '../drift/compare-columns.ts';
import type { DriftMethodName } from '../drift/drift-method.ts';
import { driftMethods } from '../drift/methods.ts';
import { monitoringErrors } from '../errors.ts';

/** How one deployment is watched; every default filled in. Durations are milliseconds. */
export interface MonitorDeclaration {
  readonly window: number;
  /** How long after the end of a window its labels may be expected; until then, label metrics alarm nobody. */
  readonly labelDelay: number;
  /** Share of predictions with a label from which a window waits for no more. */
  readonly labelCoverage: number;
  /** How much later than its time a prediction may come in before its window counts as over. */
  readonly allowedLateness: number;
  /** Score from which a prediction counts as positive. */
  readonly positiveThreshold: number;
  /** Inputs whose drift is measured; all when left out. */
  readonly driftFeatures: readonly string[] | undefined;
  readonly drift: DriftSettings;
  readonly notify: readonly ChannelSettings[];
  readonly alerts: readonly AlertRule[];
  /** Share of requests that shall succeed, for the error budget. */
  readonly availability: number | undefined;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = z
  .string()
  .regex(/^\d+[smhd]$/, 'must be a whole number and s, m, h or d, such as 1d')
  .transform((text) => Number(text.slice(0, -1)) * (units[text.at(-1) ?? 's'] ?? 1000));
const share = z.number().min(0).max(1);
const methodName = z.enum(Object.keys(driftMethods) as [DriftMethodName, ...DriftMethodName[]]);

const columnDrift = z.strictObject({ method: methodName.optional(), threshold: z.number().positive().optional() });
const drift = z.strictObject({
  method: methodName.optional(),
  threshold: z.number().positive().optional(),
  features: z.array(z.string().min(1)).min(1).optional(),
  overrides: z.record(z.string(), columnDrift).optional(),
  false_discovery_rate: z.number().positive().max(0.5).optional(),
});

const monitoring = z.strictObject({
  window: duration
    .refine((ms) => ms % 60_000 === 0 && ms >= 60_000 && ms <= 30 * 86_400_000, 'must be whole minutes, 1m to 30d')
    .optional(),
  label_delay: duration.optional(),
  label_coverage: share.optional(),
  allowed_lateness: duration.optional(),
  positive_threshold: share.optional(),
  drift: drift.optional(),
  notify: z.array(channelDeclaration).max(20).optional(),
});

const section = z.object({
  monitoring: monitoring.optional(),
  alerts: z
    .array(alertRuleDeclaration)
    .max(200)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have one name')
    .optional(),
  objectives: z.object({ availability: z.number().optional() }).optional(),
});

/**
 * Reads what monitoring needs of one entry of `deployments:`; an entry without these sections is watched with the defaults.
 * @throws `monitoring.declaration-invalid` with the path of every problem and, for an unknown key, the nearest right one
 */
export function parseMonitorDeclaration(deployment: string, value: unknown): MonitorDeclaration {
  const parsed = section.safeParse(value ?? {});
  if (!parsed.success) throw monitoringErrors['declaration-invalid']({ deployment, problems: parsed.error.issues.flatMap(problemsOf) });
  const { monitoring: of = {}, alerts = [], objectives } = parsed.data;
  const window = of.window ?? 86_400_000;
  return {
    window,
    labelDelay: of.label_delay ?? 0,
    labelCoverage: of.label_coverage ?? 0.95,
    allowedLateness: of.allowed_lateness ?? Math.min(Math.floor(window / 24), 3_600_000),
    positiveThreshold: of.positive_threshold ?? 0.5,
    driftFeatures: of.drift?.features,
    drift: driftSettings(of.drift ?? {}),
    notify: of.notify ?? [],
    alerts,
    availability: objectives?.availability,
  };
}

function driftSettings({ method, threshold, overrides, false_discovery_rate: rate }: z.output<typeof drift>): DriftSettings {
  const one = (of: z.output<typeof columnDrift>) => {
    const chosen = of.method ?? method;
    const limit = of.threshold ?? threshold;
    const named = chosen === undefined ? Object.keys(driftMethods) : [chosen];
    return {
      ...(chosen === undefined ? {} : { methods: [chosen] }),
      ...(limit === undefined ? {} : { thresholds: Object.fromEntries(named.map((name) => [name, limit])) }),
    };
  };
  return {
    common: one({}),
    columns: Object.fromEntries(Object.entries(overrides ?? {}).map(([name, of]) => [name, one(of)])),
    ...(rate === undefined ? {} : { falseDiscoveryRate: rate }),
  };
}

function problemsOf(issue: z.core.$ZodIssue): readonly { path: string; problem: string }[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: issue.message }];
  return issue.keys.map((key) => {
    const near = nearestName(key, keysAt(issue.path));
    return { path: `${path}.${key}`, problem: `there is no such key${near === undefined ? '' : `; did you mean "${near}"?`}` };
  });
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path[0] === 'alerts') return Object.keys(alertRuleKeys.shape);
  if (path[1] === 'drift') return path[2] === 'overrides' ? Object.keys(columnDrift.shape) : Object.keys(drift.shape);
  return Object.keys(monitoring.shape);
}
