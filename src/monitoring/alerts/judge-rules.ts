import { canonicalJson, type Json } from '#kernel/canonical-json.ts';
import type { Queryable } from '#kernel/database/index.ts';
import type { Change } from '#kernel/events/index.ts';
import type { Ids } from '#kernel/ids.ts';
import { type Alert, type AlertId, type Monitor, moveAlert, type MonitorWindow, type Silence } from '../model.ts';
import { qualityMetrics } from '../metric-names.ts';
import { deleteRule, listAlerts, listRules, listSilences, putAlert, putRule, type RuleInForce } from './alert-store.ts';
import { correctEpisodes, type EvaluatedEpisode, evaluateAlert } from './episodes.ts';
import type { AlertRule, AlertWindow } from './rules.ts';

export interface JudgeInput {
  readonly monitor: Monitor;
  /** All windows in order, with their present state. */
  readonly windows: readonly MonitorWindow[];
  readonly now: number;
  readonly ids: Ids;
}

/** Something to tell the channels. */
export interface AlertNews {
  readonly what: 'fired' | 'resolved' | 'withdrawn';
  readonly alert: Alert;
}

/**
 * Judges every rule over all windows that are over and brings the alerts on record in line: labels that come late open, close, open again
 * and take back. A rule that was changed judges only what ends after the change, so that its past is not written anew.
 */
export async function judgeRules(change: Change, input: JudgeInput): Promise<readonly AlertNews[]> {
  const { monitor, now } = input;
  const inForce = new Map((await listRules(change, monitor)).map((rule) => [rule.name, rule]));
  const recorded = await listAlerts(change, { project: monitor.project, deployment: monitor.deployment, limit: 5000 });
  const silences = await listSilences(change, monitor.project, now);
  const news: AlertNews[] = [];
  const context = { change, input, silences, news };
  for (const rule of monitor.declaration.alerts) {
    const current = await bringIntoForce(change, input, { rule, before: inForce.get(rule.name) });
    const own = recorded.filter((alert) => alert.rule === rule.name && alert.state !== 'withdrawn');
    for (const old of own) if (old.definition !== current.definition) await closeOld(context, old, 'The rule was changed.');
    await judge(context, { rule, current, recorded: own.filter(({ definition }) => definition === current.definition) });
  }
  for (const gone of inForce.keys()) {
    if (monitor.declaration.alerts.some(({ name }) => name === gone)) continue;
    await deleteRule(change, monitor, gone);
    for (const old of recorded) if (old.rule === gone) await closeOld(context, old, 'The rule was removed.');
  }
  return news;
}

interface Context {
  readonly change: Change;
  readonly input: JudgeInput;
  readonly silences: readonly Silence[];
  readonly news: AlertNews[];
}

/** The rules of a new monitor judge all there is. */
export async function adoptRules(tx: Queryable, monitor: Monitor): Promise<void> {
  for (const rule of monitor.declaration.alerts) {
    await putRule(tx, monitor, { name: rule.name, definition: definitionOf(rule), from: undefined });
  }
}

function definitionOf(rule: AlertRule): string {
  return canonicalJson({ ...rule, limit: { ...rule.limit } } satisfies Json);
}

async function bringIntoForce(
  change: Change,
  { monitor, windows }: JudgeInput,
  { rule, before }: { readonly rule: AlertRule; readonly before: RuleInForce | undefined },
): Promise<RuleInForce> {
  const definition = definitionOf(rule);
  if (before?.definition === definition) return before;
  const current = { name: rule.name, definition, from: windows.findLast(({ state }) => state !== 'open')?.end };
  await putRule(change, monitor, current);
  return current;
}

async function judge(
  context: Context,
  { rule, current, recorded }: { readonly rule: AlertRule; readonly current: RuleInForce; readonly recorded: readonly Alert[] },
): Promise<void> {
  const { windows } = context.input;
  const judged = windows.filter(({ state, end }) => state !== 'open' && end > (current.from ?? -Infinity)).map(toAlertWindow);
  const first = judged[0]?.start ?? Infinity;
  // What lies before the windows that are kept can no longer be judged.
  const comparable = recorded.filter(({ since }) => since >= first);
  const { fire, change, withdraw } = correctEpisodes(comparable, evaluateAlert(rule, judged).episodes);
  for (const episode of fire) await save(context, alertOf(context.input, { rule, definition: current.definition, episode }));
  for (const { recorded: before, evaluated } of change) await save(context, updated(before, evaluated, context.input.now), before);
  for (const before of withdraw) await takeBack(context, before);
  const changed = new Set([...change.map(({ recorded: before }) => before.id), ...withdraw.map(({ id }) => id)]);
  for (const alert of recorded) if (!changed.has(alert.id)) await save(context, alert, alert);
}

/** Metrics of labels count only when the labels have settled. */
function toAlertWindow({ start, end, state, predictions, labelled, metrics, reference }: MonitorWindow): AlertWindow {
  const settled = state === 'complete' ? metrics : Object.fromEntries(Object.entries(metrics).filter(([name]) => !labelMetrics.has(name)));
  return { start, end, predictions, labelled, metrics: settled, reference };
}

const labelMetrics = new Set<string>([...qualityMetrics, 'label_coverage']);

function alertOf(
  { monitor, ids, now }: JudgeInput,
  { rule, definition, episode }: { readonly rule: AlertRule; readonly definition: string; readonly episode: EvaluatedEpisode },
): Alert {
  return {
    // The ids of the server are those of any object.
    id: ids.next() as AlertId,
    project: monitor.project,
    deployment: monitor.deployment,
    rule: rule.name,
    definition,
    severity: rule.severity,
    ...figuresOf(episode, rule.metric),
    state: episode.resolvedAt === undefined ? 'firing' : 'resolved',
    since: episode.since,
    firedAt: episode.firedAt,
    resolvedAt: episode.resolvedAt,
    createdAt: now,
    updatedAt: now,
    toldAt: undefined,
    acknowledgement: undefined,
  };
}

function figuresOf({ fired }: EvaluatedEpisode, metric: string): Pick<Alert, 'metric' | 'value' | 'threshold' | 'explanation'> {
  const { reading, explanation } = fired;
  if (reading.state === 'no-data') return { metric, value: undefined, threshold: undefined, explanation };
  return { metric: reading.metric, value: reading.value, threshold: reading.threshold, explanation };
}

function updated(before: Alert, episode: EvaluatedEpisode, now: number): Alert {
  const move = episode.resolvedAt === undefined ? 'reopen' : 'resolve';
  const { since, firedAt, resolvedAt } = episode;
  return {
    ...before,
    ...figuresOf(episode, before.metric),
    state: moveAlert(before.state, move) ?? before.state,
    since,
    firedAt,
    resolvedAt,
    updatedAt: now,
  };
}

/**
 * Writes an alert and tells what is to be told. A silence holds the news back until it ends; what was over by then is never told.
 * `before` is the alert on record; the same object when nothing has changed.
 */
async function save({ change, input, silences, news }: Context, alert: Alert, before?: Alert): Promise<void> {
  const isSilent = silences.some(({ rule }) => rule === alert.rule);
  const isOver = alert.state === 'resolved';
  const tellsFired = alert.toldAt === undefined && !isSilent && (!isOver || before === undefined);
  if (alert === before && !tellsFired) return;
  const saved = tellsFired ? { ...alert, toldAt: input.now } : alert;
  await putAlert(change, saved);
  if (tellsFired) tell({ change, news }, saved, 'fired');
  if (saved.toldAt === undefined) return;
  if (isOver && before?.state !== 'resolved') tell({ change, news }, saved, 'resolved');
  else if (before?.toldAt !== undefined) emit(change, saved, 'alert.changed');
}

async function takeBack({ change, input, news }: Context, before: Alert): Promise<void> {
  const withdrawn: Alert = {
    ...before,
    state: moveAlert(before.state, 'withdraw') ?? before.state,
    explanation: 'Labels or predictions that came later show that the rule was not broken.',
    resolvedAt: before.resolvedAt ?? before.firedAt,
    updatedAt: input.now,
  };
  await putAlert(change, withdrawn);
  if (before.toldAt !== undefined) tell({ change, news }, withdrawn, 'withdrawn');
}

async function closeOld({ change, input, news }: Context, old: Alert, explanation: string): Promise<void> {
  if (old.state !== 'firing' && old.state !== 'acknowledged') return;
  const resolvedAt = input.windows.findLast(({ state }) => state !== 'open')?.end ?? old.firedAt;
  const closed: Alert = { ...old, state: 'resolved', explanation, resolvedAt, updatedAt: input.now };
  await putAlert(change, closed);
  if (old.toldAt !== undefined) tell({ change, news }, closed, 'resolved');
}

function tell({ change, news }: Pick<Context, 'change' | 'news'>, alert: Alert, what: AlertNews['what']): void {
  news.push({ what, alert });
  emit(change, alert, what === 'fired' ? 'alert.fired' : 'alert.resolved', what === 'withdrawn' ? { withdrawn: true } : {});
}

function emit(change: Change, alert: Alert, type: string, more: Readonly<Record<string, Json>> = {}): void {
  const { id, rule, deployment, severity, metric, value, threshold, explanation, since, firedAt, resolvedAt } = alert;
  const window = { start: since, end: resolvedAt ?? firedAt };
  const data = { alert: id, rule, deployment, severity, metric, value, threshold, window, explanation, ...more };
  change.emit({ type, source: 'monitoring', subject: `projects/${alert.project}/alerts/${id}`, data });
}
