/** Monitors, windows, labels, alerts, and the retraining that they cause. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import type { MonitorWindow } from '../facts/monitoring.ts';
import { get, rows } from '../facts/table.ts';
import { dayMilliseconds } from '../facts/tally.ts';
import type { Measure, View } from '../model.ts';
import { production, productionServices } from './production.ts';
import { condition, counted, type Item, measured, noData, shareOf } from './share.ts';

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

/** Predictions in complete windows whose label has come. */
export const labelsReturn: Measure = (facts, view) => {
  const windows = rows(facts.monitoring.windows).filter((window) => window.complete && window.predictions > 0 && window.time >= view.since);
  const predictions = windows.reduce((total, window) => total + window.predictions, 0);
  if (predictions === 0) return noData('no complete window has predictions in this time');
  const labelled = windows.reduce((total, window) => total + Math.min(window.labelled, window.predictions), 0);
  const delay = facts.monitoring.labelDelayKnown;
  return measured({
    value: labelled / predictions,
    numerator: labelled,
    denominator: predictions,
    explanation: `${labelled} of ${predictions} predictions in complete windows have their label`,
    evidence: [
      ...windows.filter((window) => window.labelled > 0).map((window) => window.number),
      ...(facts.monitoring.labels === undefined ? [] : [facts.monitoring.labels.number]),
    ],
    counterEvidence: windows.filter((window) => window.labelled === 0).map((window) => window.number),
    conditions: delay === undefined ? [condition(false, 'the median delay of labels is not recorded')] : [],
  });
};

const promptMinutes = 15;

/** The time within which nine of ten alerts were acknowledged by a person; an alert that nobody answered has none. */
export const alertsReachPeople: Measure = (facts, view) => {
  const alerts = rows(facts.monitoring.alerts).filter((alert) => alert.time >= view.since);
  if (alerts.length === 0) return noData('no alert has fired in this time');
  const minutes = alerts.map((alert) => (alert.acknowledged === undefined ? Infinity : (alert.acknowledged.time - alert.time) / 60_000));
  const p90 = minutes.toSorted((a, b) => (a < b ? -1 : 1))[Math.ceil(alerts.length * 0.9) - 1] ?? Infinity;
  const prompt = alerts.filter((_, index) => (minutes[index] ?? Infinity) <= promptMinutes);
  const late = alerts.filter((alert) => !prompt.includes(alert));
  return measured({
    value: Number.isFinite(p90) ? p90 : undefined,
    numerator: prompt.length,
    denominator: alerts.length,
    explanation: `${prompt.length} of ${counted(alerts.length, 'alert was', 'alerts were')} acknowledged by a person within ${promptMinutes} minutes`,
    missing: late.map((alert) => alert.rule),
    evidence: prompt.flatMap((alert) => [alert.number, alert.acknowledged?.number ?? alert.number]),
    counterEvidence: late.map((alert) => alert.number),
  });
};

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

/** Retraining that an alert or drift started and whose model passed its gates and served in production. */
export const closedLoops: Measure = (facts, view) => {
  const triggers = rows(facts.monitoring.retraining).filter((trigger) => trigger.time >= view.since);
  if (triggers.length === 0) return noData('no retraining was triggered by an alert or drift in this time');
  const loops = triggers.map((trigger) => ({ trigger, served: servedFrom(facts, trigger.pipelineRun) }));
  const closed = loops.filter((loop) => loop.served !== undefined);
  const open = loops.filter((loop) => loop.served === undefined);
  return measured({
    value: closed.length,
    numerator: closed.length,
    denominator: loops.length,
    explanation: `${closed.length} of ${counted(loops.length, 'triggered retraining', 'triggered retrainings')} passed the gates and served in production`,
    missing: open.map((loop) => loop.trigger.pipelineRun),
    evidence: closed.flatMap((loop) => [
      loop.trigger.number,
      ...(loop.served?.gateEvents ?? []),
      loop.served?.number ?? loop.trigger.number,
    ]),
    counterEvidence: open.map((loop) => loop.trigger.number),
  });
};

function servedFrom(facts: Facts, pipelineRun: string): Deploy | undefined {
  const runOf = (deploy: Deploy): string | undefined => get(facts.models.versions, deploy.model, deploy.version)?.run;
  return rows(facts.serving.deploys).find((deploy) => {
    const run = runOf(deploy);
    return deploy.environment === production && deploy.gated && run !== undefined && get(facts.runs.runs, run)?.pipelineRun === pipelineRun;
  });
}
