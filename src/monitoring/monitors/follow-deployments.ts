import type { Queryable } from '#kernel/database/index.ts';
import { type ChangeContext, type RipenEvent, subscribe, systemActor } from '#kernel/events/index.ts';
import { adoptRules } from '../alerts/judge-rules.ts';
import { parseMonitorDeclaration } from '../declaration/monitor-declaration.ts';
import type { Rooms } from '../deps.ts';
import { type Monitor, monitoringSource, type Watched, watchedEnvironment } from '../model.ts';
import { listFiles } from '../predictions/prediction-store.ts';
import { askForEvaluation } from '../windows/jobs.ts';
import { predictionsRelation } from '../windows/scan.ts';
import { deleteWindows, markChanged, windowStarts } from '../windows/window-store.ts';
import { findMonitor, putMonitor } from './monitor-store.ts';

/** Makes a monitor with the first deployment in production and keeps it in step with what is served. Returns the way to stop. */
export function followDeployments(rooms: Rooms): () => Promise<void> {
  const { events, log } = rooms.kernel;
  return subscribe(
    events,
    { name: 'monitoring', types: ['service.deployed', 'service.rolled-back'], from: 'start', handle: (event) => handle(rooms, event) },
    { onError: (error, event) => log.error({ err: error, event: event?.number }, 'monitoring could not follow a deployment') },
  );
}

async function handle(rooms: Rooms, { project, data }: RipenEvent): Promise<void> {
  const deployment = data['deployment'];
  if (project === undefined || typeof deployment !== 'string' || data['environment'] !== watchedEnvironment) return;
  const version = data['version'] ?? data['toVersion'];
  const served = {
    model: typeof data['model'] === 'string' ? data['model'] : undefined,
    version: typeof version === 'string' || typeof version === 'number' ? String(version) : undefined,
  };
  await watch(rooms, { actor: systemActor, project }, { watched: { project, deployment }, ...served });
}

interface Served {
  readonly watched: Watched;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * Sets the monitor of a deployment to what is served and declared now. A declaration that is not valid leaves the old one, or the
 * defaults, in force: a typing error must not leave a service unwatched.
 */
export async function watch(rooms: Rooms, context: ChangeContext, { watched, model, version }: Served): Promise<Monitor | undefined> {
  const { kernel } = rooms;
  const before = await findMonitor(kernel.database, watched);
  const served = { model: model ?? before?.model, version: version ?? before?.version };
  if (served.model === undefined || served.version === undefined) return undefined;
  const now = kernel.clock.now();
  const declaration = await declarationOf(rooms, watched, before);
  const { project, deployment } = watched;
  const monitor: Monitor = {
    project,
    deployment,
    model: served.model,
    version: served.version,
    declaration,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const cutAnew = before?.declaration.window !== declaration.window;
  const scanned = cutAnew ? await scanTimes(rooms, monitor) : undefined;
  await kernel.events.change({ ...context, project }, async (change) => {
    await putMonitor(change, monitor);
    if (scanned !== undefined) await cutWindows(change, monitor, { scanned, now });
    await askForEvaluation(kernel.jobs, change, { watched, now });
    if (before !== undefined) return;
    await adoptRules(change, monitor);
    const data = { deployment, monitors: ['service', 'data', 'quality'], window: declaration.window, rules: declaration.alerts.length };
    change.emit({ type: 'monitor.created', source: 'monitoring', subject: `projects/${project}/deployments/${deployment}`, data });
  });
  return monitor;
}

async function declarationOf(rooms: Rooms, watched: Watched, before: Monitor | undefined): Promise<Monitor['declaration']> {
  try {
    return parseMonitorDeclaration(watched.deployment, await rooms.deployments.declaration(watched.project, watched.deployment));
  } catch (error) {
    rooms.kernel.log.error({ err: error, ...watched }, 'the monitoring of a deployment is not declared rightly; it is watched as before');
    return before?.declaration ?? parseMonitorDeclaration(watched.deployment, {});
  }
}

interface ScannedTimes {
  readonly files: ReadonlySet<string>;
  /** Minutes since 1970 in which something was predicted. */
  readonly minutes: readonly number[];
}

async function scanTimes({ kernel }: Rooms, monitor: Monitor): Promise<ScannedTimes> {
  const files = await listFiles(kernel.database, monitoringSource(monitor));
  if (files.length === 0) return { files: new Set(), minutes: [] };
  const paths = await Promise.all(files.map(({ digest }) => kernel.objects.path(digest)));
  const sql = `SELECT DISTINCT event_time // 60000 AS minute FROM ${predictionsRelation(paths)}`;
  const rows = await kernel.analytics.query<{ minute: number }>(sql, [], { maxRows: 10_000_000 });
  return { files: new Set(files.map(({ id }) => id)), minutes: rows.map(({ minute }) => minute) };
}

/** Cuts windows anew: all predictions that came before the monitor, or before its windows had this length, are due. */
async function cutWindows(
  tx: Queryable,
  monitor: Monitor,
  { scanned, now }: { readonly scanned: ScannedTimes; readonly now: number },
): Promise<void> {
  const { window } = monitor.declaration;
  await deleteWindows(tx, monitor);
  // What came in during the scan is marked by the ends of its files.
  const unseen = (await listFiles(tx, monitoringSource(monitor))).filter(({ id }) => !scanned.files.has(id));
  const minutes = unseen.flatMap(({ first, last }) => [Math.floor(first / 60_000), Math.floor(last / 60_000)]);
  await markChanged(tx, monitor, { window, starts: windowStarts([...scanned.minutes, ...minutes], window), now });
}
