import { type Change, systemActor } from '#kernel/events/index.ts';
import { type AlertNews, judgeRules } from '../alerts/judge-rules.ts';
import { tellChannels } from '../channels/tell-channels.ts';
import type { Rooms } from '../deps.ts';
import { type Monitor, monitoringSource, type MonitorWindow, type Watched } from '../model.ts';
import { findMonitor } from '../monitors/monitor-store.ts';
import { latestPrediction } from '../predictions/prediction-store.ts';
import { withErrorBudget } from './error-budget.ts';
import { askToSettle } from './jobs.ts';
import { measureChanged } from './measure-changed.ts';
import type { References } from './reference.ts';
import { setAsideDamaged } from './set-aside-damaged.ts';
import { emptyStarts, isNews, type Moment, nextLook, stretchEnds, windowState } from './window-state.ts';
import { type Evaluation, insertEmpty, listChanged, listWindows, writeEvaluation, writeProgress } from './window-store.ts';

interface Parts {
  readonly rooms: Rooms;
  readonly references: References;
}

/** Windows that one scan may serve, and windows that the rules look back upon. */
const mostAtOnce = 60;
const lookBack = 1000;

/**
 * Evaluates all windows for which something came in, then moves windows on, tells the log what is complete and judges the rules. Safe to
 * run at any time and again: what was told is on record with the windows.
 */
export async function evaluateDeployment(parts: Parts, watched: Watched, signal?: AbortSignal): Promise<void> {
  const { database } = parts.rooms.kernel;
  for (;;) {
    signal?.throwIfAborted();
    const monitor = await findMonitor(database, watched);
    if (monitor === undefined) return;
    const changed = await listChanged(database, watched, mostAtOnce);
    const evaluations = changed.length === 0 ? [] : await measure(parts, monitor, changed);
    await commit(parts, monitor, evaluations);
    if (changed.length < mostAtOnce) return;
  }
}

async function measure(parts: Parts, monitor: Monitor, changed: readonly MonitorWindow[]): Promise<readonly Evaluation[]> {
  try {
    return await measureChanged(parts, monitor, changed);
  } catch (error) {
    // One broken file must not stop the watching of all the others.
    if (!(await setAsideDamaged(parts.rooms, monitor))) throw error;
    return measureChanged(parts, monitor, changed);
  }
}

async function commit({ rooms }: Parts, monitor: Monitor, evaluations: readonly Evaluation[]): Promise<void> {
  const { kernel } = rooms;
  const moment = { now: kernel.clock.now(), watermark: (await latestPrediction(kernel.database, monitoringSource(monitor))) ?? 0 };
  await kernel.events.change({ actor: systemActor, project: monitor.project }, async (change) => {
    for (const evaluation of evaluations) await writeEvaluation(change, monitor, evaluation);
    await fillGaps(change, monitor, moment);
    const newest = await listWindows(change, monitor, { limit: lookBack, newestFirst: true });
    const before = withErrorBudget(newest.toReversed(), monitor.declaration.availability);
    const windows: MonitorWindow[] = [];
    const momentOf = await momentsOf(change, monitor, { windows: before, moment });
    for (const window of before) windows.push(await moveOn(change, monitor, { window, moment: momentOf(window) }));
    for (const window of await olderThan(change, monitor, { first: before[0]?.start, evaluations })) {
      await moveOn(change, monitor, { window, moment });
    }
    const news = await judgeRules(change, { monitor, windows, now: moment.now, ids: kernel.ids });
    await tellAll({ rooms, change, monitor }, news);
    await planNextLook({ rooms, change, monitor }, windows, moment);
  });
}

/** Windows that were evaluated although the rules no longer look back upon them: a late label, or a long past that is read at once. */
async function olderThan(
  change: Change,
  monitor: Monitor,
  { first = -Infinity, evaluations }: { readonly first: number | undefined; readonly evaluations: readonly Evaluation[] },
): Promise<readonly MonitorWindow[]> {
  const starts = new Set(evaluations.map(({ start }) => start).filter((start) => start < first));
  if (starts.size === 0) return [];
  const between = await listWindows(change, monitor, { from: Math.min(...starts), until: Math.max(...starts) + 1 });
  return between.filter(({ start }) => starts.has(start));
}

/** The watermark of the stretch in which a window lies. */
async function momentsOf(
  change: Change,
  monitor: Monitor,
  { windows, moment }: { readonly windows: readonly MonitorWindow[]; readonly moment: Moment },
): Promise<(window: MonitorWindow) => Moment> {
  const ends = stretchEnds(windows, monitor.declaration);
  const moments: { readonly end: number; readonly moment: Moment }[] = [];
  for (const end of ends) {
    const watermark = await latestPrediction(change, monitoringSource(monitor), end);
    moments.push({ end, moment: { ...moment, watermark: watermark ?? 0 } });
  }
  return ({ end }) => moments.find((stretch) => end <= stretch.end)?.moment ?? moment;
}

async function fillGaps(change: Change, monitor: Monitor, moment: Moment): Promise<void> {
  const { window } = monitor.declaration;
  const windows = await listWindows(change, monitor, { limit: lookBack, newestFirst: true });
  const starts = emptyStarts(windows.toReversed(), moment, { window });
  await insertEmpty(change, monitor, { window, starts, now: moment.now });
}

/** The window in its present state, after what is new about it was told. */
async function moveOn(
  change: Change,
  monitor: Monitor,
  { window, moment }: { readonly window: MonitorWindow; readonly moment: Moment },
): Promise<MonitorWindow> {
  // What has just come in for it must be evaluated first.
  if (window.changes > window.evaluated) return window;
  const state = windowState(window, moment, monitor.declaration);
  const tells = state === 'complete' && isNews(window, window.announced);
  const drifted = state === 'open' ? [] : window.drift.found.filter(({ feature }) => !window.drift.told.includes(feature));
  if (state === window.state && !tells && drifted.length === 0) return window;
  const { deployment, start, end, predictions, labelled, metrics, version } = window;
  const subject = `projects/${monitor.project}/deployments/${deployment}/windows/${start}`;
  for (const { feature, method, value, threshold } of drifted) {
    const data = { deployment, window: { start, end }, feature, method, value, threshold };
    change.emit({ type: 'drift.detected', source: 'monitoring', subject, data });
  }
  if (tells) {
    const data = { deployment, window: { start, end }, predictions, labelled, complete: true, version, metrics };
    change.emit({ type: 'monitor.window.evaluated', source: 'monitoring', subject, data });
  }
  const moved: MonitorWindow = {
    ...window,
    state,
    announced: tells ? { predictions, labelled, metrics } : window.announced,
    drift: { ...window.drift, told: [...window.drift.told, ...drifted.map(({ feature }) => feature)] },
  };
  await writeProgress(change, moved);
  return moved;
}

interface Committing {
  readonly rooms: Rooms;
  readonly change: Change;
  readonly monitor: Monitor;
}

async function tellAll({ rooms, change, monitor }: Committing, news: readonly AlertNews[]): Promise<void> {
  for (const each of news) await tellChannels(rooms.kernel, change, { news: each, channels: monitor.declaration.notify });
}

async function planNextLook({ rooms, change, monitor }: Committing, windows: readonly MonitorWindow[], { now }: Moment): Promise<void> {
  const looks = windows.flatMap((window) => {
    const at = window.changes > window.evaluated ? undefined : nextLook(window, monitor.declaration);
    return at === undefined || at <= now ? [] : [at];
  });
  // Live traffic that stops shall show as an empty window.
  const last = windows.at(-1);
  if (last !== undefined && Math.abs(now - last.end) <= last.end - last.start) looks.push(last.end + monitor.declaration.window);
  const next = Math.min(...looks);
  if (Number.isFinite(next)) await askToSettle(rooms.kernel.jobs, change, { watched: monitor, at: Math.max(next, now + 1000) });
}
