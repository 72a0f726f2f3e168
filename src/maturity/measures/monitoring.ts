/** Monitors: whether each production model has them, whether they are alive, and what they watch. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import type { MonitorWindow } from '../facts/monitoring.ts';
import { get, rows } from '../facts/table.ts';
import { dayMilliseconds } from '../facts/tally.ts';
import type { Measure, View } from '../model.ts';
import { productionServices } from './production.ts';
import { condition, type Item, measured, noData, shareOf } from './share.ts';

const kinds = ['service', 'data', 'quality'];

export const monitored: Measure = (facts) =>
  shareOf(
    productionServices(facts).map((service) => {
      const row = get(facts.serving.deployments, service.deployment);
      const lacking = kinds.filter((kind) => !(row?.monitors ?? []).includes(kind));
      return {
        name: `${service.deployment} (no ${lacking.join(', ')} monitor)`,
        met: lacking.length === 0,
        events: [row?.monitorsNumber ?? service.number],
      };
    }),
    {
      one: 'production model',
      many: 'production models',
      none: 'nothing serves in production',
      has: 'has service, data and quality monitors',
      have: 'have service, data and quality monitors',
    },
  );

/**
 * Evaluated windows of those that were due: gaps between windows and windows that are not complete are missed, and so are those since
 * a monitor fell silent. Window times are the time of the traffic, silence is server time; both are counted in lengths of a window.
 */
export const monitorsAlive: Measure = (facts, view) => {
  const services = productionServices(facts);
  if (services.length === 0) return noData('nothing serves in production');
  const byService = services.map((service) => dueWindows(windowsOf(facts, service, view), view));
  const due = byService.reduce((total, one) => total + one.due, 0);
  const done = byService.reduce((total, one) => total + one.done.length, 0);
  const silent = services.filter((_, index) => byService[index]?.due === 0).map((service) => service.deployment);
  if (due === 0) return noData(`no window of ${silent.join(', ')} was evaluated in this time`);
  return measured({
    value: done / due,
    numerator: done,
    denominator: due,
    explanation: `${done} of ${due} windows that were due were evaluated completely`,
    missing: silent,
    evidence: byService.flatMap((one) => one.done),
    counterEvidence: byService.flatMap((one) => one.incomplete),
    conditions: silent.length === 0 ? [] : [condition(false, `no window of ${silent.join(', ')} was evaluated`)],
  });
};

function windowsOf(facts: Facts, service: Deploy, view: View): readonly MonitorWindow[] {
  return rows(facts.monitoring.windows).filter((window) => window.deployment === service.deployment && window.time >= view.since);
}

const shortestSilence = 3_600_000;

function dueWindows(
  windows: readonly MonitorWindow[],
  view: View,
): { due: number; done: readonly number[]; incomplete: readonly number[] } {
  const sorted = windows.toSorted((a, b) => a.start - b.start);
  const done = sorted.filter((window) => window.complete).map((window) => window.number);
  const incomplete = sorted.filter((window) => !window.complete).map((window) => window.number);
  const first = sorted[0];
  if (first === undefined) return { due: 0, done, incomplete };
  const length = Math.max(1, Math.min(...sorted.map((window) => window.end - window.start)));
  let gaps = 0;
  let end = first.end;
  for (const window of sorted) {
    gaps += Math.max(0, Math.round((window.start - end) / length));
    end = Math.max(end, window.end);
  }
  const quiet = view.at - Math.max(...sorted.map((window) => window.time));
  const silent = quiet > Math.max(2 * length, shortestSilence) ? Math.floor(quiet / Math.max(length, shortestSilence)) : 0;
  return { due: sorted.length + gaps + silent, done, incomplete };
}

/** For each production service: skew was looked at, the model's age has a limit and keeps it, and the error budget is not used up. */
export const skewAgeBudget: Measure = (facts, view) =>
  shareOf(
    productionServices(facts).flatMap((service): Item[] => {
      const windows = windowsOf(facts, service, view);
      const skew = windows.findLast((window) => window.skew);
      const budget = windows.findLast((window) => window.errorBudget !== undefined);
      const limit = get(facts.serving.deployments, service.deployment)?.maximumModelAgeDays;
      const trained = get(facts.models.versions, service.model, service.version)?.time;
      const fresh = limit !== undefined && trained !== undefined && view.at - trained <= limit * dayMilliseconds;
      return [
        { name: `${service.deployment}: skew`, met: skew !== undefined, events: [skew?.number ?? service.number] },
        {
          name: `${service.deployment}: model age ${limit === undefined ? '(no limit declared)' : '(over its limit)'}`,
          met: fresh,
          events: [service.number],
        },
        { name: `${service.deployment}: error budget`, met: (budget?.errorBudget ?? 0) > 0, events: [budget?.number ?? service.number] },
      ];
    }),
    {
      one: 'check (skew, model age, error budget)',
      many: 'checks (skew, model age, error budget of each production service)',
      none: 'nothing serves in production',
      has: 'is in order',
      have: 'are in order',
    },
  );
