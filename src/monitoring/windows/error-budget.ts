import type { MonitorWindow } from '../model.ts';

const budgetDays = 30;

/**
 * Adds `error_budget_remaining` to each window: 1 when no request of the 30 days up to its end failed, 0 when as many did as the objective
 * allows, below 0 beyond (Google SRE workbook, chapter 2). Windows without an objective or traffic have none.
 */
export function withErrorBudget(windows: readonly MonitorWindow[], availability: number | undefined): readonly MonitorWindow[] {
  if (availability === undefined || availability >= 1) return windows;
  let first = 0;
  let requests = 0;
  let failures = 0;
  const add = ({ metrics }: MonitorWindow, sign: 1 | -1): void => {
    const count = metrics['requests'] ?? 0;
    requests += sign * count;
    failures += sign * Math.round(count * (metrics['error_rate'] ?? 0));
  };
  return windows.map((window) => {
    add(window, 1);
    for (let old = windows[first]; old !== undefined && old.end <= window.end - budgetDays * 86_400_000; old = windows[++first])
      add(old, -1);
    if (requests === 0) return window;
    return { ...window, metrics: { ...window.metrics, error_budget_remaining: 1 - failures / requests / (1 - availability) } };
  });
}
