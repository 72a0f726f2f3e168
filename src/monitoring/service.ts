import type { ChangeContext } from '#kernel/events/index.ts';
import { listAlerts, listSilences, type AlertFilter } from './alerts/alert-store.ts';
import { createAlertCommands } from './alerts/commands.ts';
import type { Rooms } from './deps.ts';
import { monitoringErrors } from './errors.ts';
import { createLabels } from './labels/receive-labels.ts';
import { type Alert, type Monitor, monitoringSource, type MonitorWindow, type Watched, type WindowDetail } from './model.ts';
import { watch } from './monitors/follow-deployments.ts';
import { findMonitor, listMonitors } from './monitors/monitor-store.ts';
import { lookUpPredictions } from './predictions/look-up.ts';
import { countDamaged, receivedTotals, type Source } from './predictions/prediction-store.ts';
import { receiveSegment } from './predictions/receive-segment.ts';
import { alertToWire, windowToWire } from './to-wire.ts';
import { createTurns } from './turns.ts';
import type { MonitorWire } from './wire.ts';
import { evaluateDeployment } from './windows/evaluate.ts';
import { createReferences, type Reference } from './windows/reference.ts';
import { findDetail, listWindows } from './windows/window-store.ts';

/** What monitoring can do; the endpoints only translate. */
export function createMonitoringService(rooms: Rooms) {
  const { database, clock } = rooms.kernel;
  const references = createReferences(rooms);
  const receiveLabels = createLabels(rooms);
  // An older evaluation must not overwrite a newer one.
  const inTurn = createTurns();

  async function monitorOf(watched: Watched): Promise<Monitor> {
    await rooms.projects.project(watched.project);
    const monitor = await findMonitor(database, watched);
    if (monitor === undefined) throw monitoringErrors['monitor-not-found']({ deployment: watched.deployment });
    return monitor;
  }

  return {
    ...createAlertCommands(rooms),
    receiveLabels: async (...[context, watched, labels]: Parameters<typeof receiveLabels>) => {
      await rooms.projects.project(watched.project);
      return receiveLabels(context, watched, labels);
    },
    receiveSegment: (source: Source, upload: { readonly segment: string; readonly body: AsyncIterable<Uint8Array> }) =>
      receiveSegment(rooms, source, upload),
    lookUp: (watched: Watched, ids: readonly string[], environment?: string) => lookUpPredictions(rooms, watched, ids, environment),

    /** Reads the declaration again. @throws `monitoring.monitor-not-found` */
    async reload(context: ChangeContext, watched: Watched): Promise<void> {
      await monitorOf(watched);
      await watch(rooms, context, { watched });
    },

    /** Evaluates what is due now. */
    evaluate: (watched: Watched, signal?: AbortSignal): Promise<void> =>
      inTurn(`${watched.project}/${watched.deployment}`, () => evaluateDeployment({ rooms, references }, watched, signal)),

    async windows(
      watched: Watched,
      { from, to, limit }: { from?: number | undefined; to?: number | undefined; limit: number },
    ): Promise<readonly MonitorWindow[]> {
      await monitorOf(watched);
      const newestFirst = from === undefined;
      const found = await listWindows(database, watched, { from, until: to, limit, newestFirst });
      return newestFirst ? found.toReversed() : found;
    },

    /** @throws `monitoring.window-not-found` */
    async window(
      watched: Watched,
      start: number,
    ): Promise<{ readonly window: MonitorWindow; readonly detail: WindowDetail | undefined; readonly reference: Reference | undefined }> {
      const monitor = await monitorOf(watched);
      const found = await findDetail(database, watched, start);
      if (found === undefined) throw monitoringErrors['window-not-found']({ deployment: watched.deployment, start });
      const { version } = found.window;
      return { ...found, reference: version === undefined ? undefined : await references.of(watched.project, monitor.model, version) };
    },

    async alerts(filter: AlertFilter): Promise<readonly Alert[]> {
      await rooms.projects.project(filter.project);
      return listAlerts(database, filter);
    },

    async summaries(project: string): Promise<MonitorWire[]> {
      await rooms.projects.project(project);
      const silences = await listSilences(database, project, clock.now());
      return Promise.all((await listMonitors(database, project)).map((monitor) => summaryOf(monitor, silences)));
    },
  };

  async function summaryOf(monitor: Monitor, silences: Awaited<ReturnType<typeof listSilences>>): Promise<MonitorWire> {
    const { deployment, model, version, createdAt, updatedAt, declaration } = monitor;
    const source = monitoringSource(monitor);
    const windows = await listWindows(database, monitor, { limit: 1000, newestFirst: true });
    const firing = await listAlerts(database, { project: monitor.project, deployment, states: ['firing', 'acknowledged'] });
    const latest = windows.find(({ state, predictions }) => state !== 'open' && predictions > 0) ?? windows[0];
    const count = (state: MonitorWindow['state']): number => windows.filter((window) => window.state === state).length;
    return {
      deployment,
      model,
      version,
      window: declaration.window,
      labelDelay: declaration.labelDelay,
      rules: declaration.alerts.map((rule) => ({ ...rule, limit: { ...rule.limit } })),
      silences: silences
        .filter(({ rule }) => declaration.alerts.some(({ name }) => name === rule))
        .map((silence) => ({ ...silence, by: { ...silence.by } })),
      createdAt,
      updatedAt,
      received: { ...(await receivedTotals(database, source)), damagedFiles: await countDamaged(database, source) },
      windows: { complete: count('complete'), closed: count('closed'), open: count('open') },
      latest: latest && windowToWire(latest),
      firing: firing.map(alertToWire),
    };
  }
}

export type MonitoringService = ReturnType<typeof createMonitoringService>;
