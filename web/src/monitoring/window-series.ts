import type { AlertRuleWire, WindowWire } from '#monitoring/wire.ts';
import type { LineSeries } from '../charts/line-data.ts';

/** One metric over the windows; a window without it is a gap, not a missing point. */
export function metricLine(windows: readonly WindowWire[], metric: string, name = metric): LineSeries {
  return { name, points: windows.map((window) => ({ x: window.start, y: window.metrics[metric] ?? null })) };
}

/** What the reference has of a metric, as long as the windows that were compared with it. */
export function referenceLine(windows: readonly WindowWire[], metric: string): readonly LineSeries[] {
  const points = windows.map((window) => ({ x: window.start, y: window.reference[metric] ?? null }));
  return points.some(({ y }) => y !== null) ? [{ name: 'reference', points, role: 'reference' }] : [];
}

export function hasMetric(windows: readonly WindowWire[], metric: string): boolean {
  return windows.some((window) => window.metrics[metric] !== undefined);
}

export interface DriftMethod {
  readonly method: string;
  readonly features: readonly string[];
}

/** The methods of drift that the windows were measured with, the one with most readings first. */
export function driftMethods(windows: readonly WindowWire[]): readonly DriftMethod[] {
  const byMethod = new Map<string, Set<string>>();
  for (const window of windows)
    for (const name of Object.keys(window.metrics)) {
      const [, method, feature] = /^drift\.([^.]+)\.(.+)$/.exec(name) ?? [];
      if (method === undefined || feature === undefined) continue;
      byMethod.set(method, (byMethod.get(method) ?? new Set()).add(feature));
    }
  return [...byMethod]
    .map(([method, features]) => ({ method, features: [...features].toSorted() }))
    .toSorted((a, b) => b.features.length - a.features.length || order(a.method) - order(b.method));
}

function order(method: string): number {
  const known = ['psi', 'jensen_shannon', 'kolmogorov_smirnov', 'chi_square'].indexOf(method);
  return known === -1 ? 99 : known;
}

export interface RuleLimit {
  readonly value: number;
  readonly label: string;
}

/** The level at which a rule on one of these metrics fires; rules relative to the reference have no single level. */
export function limitOf(rules: readonly AlertRuleWire[], matches: (metric: string) => boolean): RuleLimit | undefined {
  const rule = rules.find((candidate) => candidate.limit.kind === 'absolute' && matches(candidate.metric));
  return rule === undefined ? undefined : { value: rule.limit.value, label: `${rule.name}: ${rule.operator} ${rule.limit.value}` };
}

/** Windows that begin at most `length` ms before the end of the newest; all for an infinite length. */
export function lastWindows(windows: readonly WindowWire[], length: number): readonly WindowWire[] {
  const end = windows.at(-1)?.end;
  return end === undefined || !Number.isFinite(length) ? windows : windows.filter((window) => window.start >= end - length);
}
