/** What comes back from production: labels, alerts that reach people, retraining that closes the loop. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import { get, rows } from '../facts/table.ts';
import type { Measure } from '../model.ts';
import { production } from './production.ts';
import { condition, counted, measured, noData } from './share.ts';

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
