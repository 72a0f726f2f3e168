/** Windows, labels, alerts and the retraining that they cause. */
import { flag, type JsonObject, type MaturityEvent, number, record, text } from './event.ts';
import { get, has, put, type Table } from './table.ts';

export interface MonitorWindow {
  deployment: string;
  start: number;
  end: number;
  predictions: number;
  labelled: number;
  complete: boolean;
  number: number;
  /** When it was last evaluated, in server time; start and end are the time of the traffic. */
  time: number;
  skew: boolean;
  errorBudget: number | undefined;
}

export interface Alert {
  alert: string;
  rule: string;
  number: number;
  time: number;
  acknowledged: { number: number; time: number } | undefined;
}

export interface MonitoringFacts {
  windows: Table<MonitorWindow>;
  alerts: Table<Alert>;
  /** Pipeline runs that an alert or drift started. */
  retraining: Table<{ pipelineRun: string; number: number; time: number }>;
  labels: { received: number; joined: number; number: number } | undefined;
  /** Median hours from prediction to label, where labels say it. */
  labelDelayKnown: number | undefined;
}

export function emptyMonitoring(): MonitoringFacts {
  return { windows: {}, alerts: {}, retraining: {}, labels: undefined, labelDelayKnown: undefined };
}

export function foldMonitoring(facts: MonitoringFacts, event: MaturityEvent): void {
  if (event.type === 'monitor.window.evaluated') evaluate(facts, event);
  else if (event.type === 'labels.received') receiveLabels(facts, event);
  else if (event.type === 'retraining.triggered') {
    const pipelineRun = text(event.data, 'pipelineRun');
    if (pipelineRun === undefined) return;
    put(facts.retraining, [pipelineRun], { pipelineRun, number: event.number, time: event.time });
  } else if (event.type.startsWith('alert.')) foldAlert(facts, event);
}

function evaluate(facts: MonitoringFacts, event: MaturityEvent): void {
  const deployment = text(event.data, 'deployment');
  const window = record(event.data, 'window');
  const start = timeOf(window, 'start');
  const end = timeOf(window, 'end');
  if (deployment === undefined || start === undefined || end === undefined) return;
  const metrics = record(event.data, 'metrics');
  put(facts.windows, [deployment, String(start), String(end)], {
    deployment,
    start,
    end,
    predictions: number(event.data, 'predictions') ?? 0,
    labelled: number(event.data, 'labelled') ?? 0,
    complete: flag(event.data, 'complete') === true,
    number: event.number,
    time: event.time,
    skew: Object.keys(metrics).some((name) => /drift|skew|psi|jensen|kolmogorov|chi/i.test(name)),
    errorBudget: number(metrics, 'error_budget_remaining'),
  });
}

/** Windows are given as epoch milliseconds or as RFC 3339 text. */
function timeOf(window: JsonObject, key: string): number | undefined {
  const value = number(window, key) ?? Date.parse(text(window, key) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

function receiveLabels(facts: MonitoringFacts, event: MaturityEvent): void {
  const received = (facts.labels?.received ?? 0) + (number(event.data, 'count') ?? 0);
  const joined = (facts.labels?.joined ?? 0) + (number(event.data, 'joined') ?? 0);
  facts.labels = { received, joined, number: event.number };
  facts.labelDelayKnown = number(event.data, 'medianDelayMs') ?? facts.labelDelayKnown;
}

function foldAlert(facts: MonitoringFacts, event: MaturityEvent): void {
  const alert = text(event.data, 'alert');
  if (alert === undefined) return;
  if (event.type === 'alert.fired' && !has(facts.alerts, alert)) {
    put(facts.alerts, [alert], {
      alert,
      rule: text(event.data, 'rule') ?? alert,
      number: event.number,
      time: event.time,
      acknowledged: undefined,
    });
  }
  const row = get(facts.alerts, alert);
  // Only a person can have been reached.
  if (event.type === 'alert.acknowledged' && row !== undefined && event.actor.kind === 'person') {
    row.acknowledged ??= { number: event.number, time: event.time };
  }
}
