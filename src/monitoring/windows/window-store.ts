import type { Queryable } from '#kernel/database/index.ts';
import type { Announced, Metrics, MonitorWindow, Watched, WindowDetail, WindowDrift, WindowState } from '../model.ts';

interface WindowRow {
  project: string;
  deployment: string;
  start: number;
  end: number;
  state: string;
  changes: number;
  evaluated: number;
  received_at: number;
  evaluated_at: number | null;
  predictions: number;
  labelled: number;
  version: string | null;
  metrics: string;
  reference: string;
  announced: string | null;
  drift: string;
  detail: string | null;
}

interface Tables {
  monitor_windows: WindowRow;
}

const columns = [
  'project',
  'deployment',
  'start',
  'end',
  'state',
  'changes',
  'evaluated',
  'received_at',
  'evaluated_at',
  'predictions',
  'labelled',
  'version',
  'metrics',
  'reference',
  'announced',
  'drift',
] as const;

const noDrift = '{"found":[],"told":[]}';

/** The starts of the windows in which the minutes (since 1970) lie; windows of one length follow each other from 1970 on. */
export function windowStarts(minutes: Iterable<number>, window: number): number[] {
  return [...new Set([...minutes].map((minute) => Math.floor((minute * 60_000) / window) * window))];
}

/** Says that something came in for these windows. */
export async function markChanged(
  tx: Queryable,
  { project, deployment }: Watched,
  { window, starts, now }: { readonly window: number; readonly starts: readonly number[]; readonly now: number },
): Promise<void> {
  const empty = { evaluated_at: null, predictions: 0, labelled: 0, version: null, announced: null, detail: null };
  const fresh = { ...empty, metrics: '{}', reference: '{}', drift: noDrift, state: 'open', changes: 1, evaluated: 0, received_at: now };
  // In one order, so that two arrivals never wait for each other.
  const ordered = starts.toSorted((a, b) => a - b);
  for (let at = 0; at < ordered.length; at += 500) {
    const rows = ordered.slice(at, at + 500).map((start): WindowRow => ({ project, deployment, start, end: start + window, ...fresh }));
    await tx
      .query<Tables>()
      .insertInto('monitor_windows')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'deployment', 'start'])
          .doUpdateSet((eb) => ({ changes: eb(eb.ref('monitor_windows.changes'), '+', 1), received_at: now })),
      )
      .execute();
  }
}

export interface WindowFilter {
  /** Windows that begin in [from, until). */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit?: number | undefined;
  readonly newestFirst?: boolean | undefined;
}

export async function listWindows(from: Queryable, { project, deployment }: Watched, filter: WindowFilter = {}): Promise<MonitorWindow[]> {
  let select = from.query<Tables>().selectFrom('monitor_windows').select(columns);
  select = select.where('project', '=', project).where('deployment', '=', deployment);
  if (filter.from !== undefined) select = select.where('start', '>=', filter.from);
  if (filter.until !== undefined) select = select.where('start', '<', filter.until);
  select = select.orderBy('start', filter.newestFirst === true ? 'desc' : 'asc');
  if (filter.limit !== undefined) select = select.limit(filter.limit);
  return (await select.execute()).map(toWindow);
}

/** Windows for which something came in since they were evaluated, the earliest first. */
export async function listChanged(from: Queryable, { project, deployment }: Watched, limit: number): Promise<MonitorWindow[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('monitor_windows')
    .select(columns)
    .where('project', '=', project)
    .where('deployment', '=', deployment)
    .whereRef('changes', '>', 'evaluated')
    .orderBy('start')
    .limit(limit)
    .execute();
  return rows.map(toWindow);
}

export async function findDetail(
  from: Queryable,
  { project, deployment }: Watched,
  start: number,
): Promise<{ readonly window: MonitorWindow; readonly detail: WindowDetail | undefined } | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('monitor_windows')
    .selectAll()
    .where('project', '=', project)
    .where('deployment', '=', deployment)
    .where('start', '=', start)
    .executeTakeFirst();
  // writeEvaluation wrote it.
  return row && { window: toWindow(row), detail: row.detail === null ? undefined : (JSON.parse(row.detail) as WindowDetail) };
}

/** What an evaluation found, up to the changes that it had seen. */
export interface Evaluation {
  readonly start: number;
  readonly evaluated: number;
  readonly evaluatedAt: number;
  readonly predictions: number;
  readonly labelled: number;
  readonly version: string | undefined;
  readonly metrics: Metrics;
  readonly reference: Metrics;
  readonly found: WindowDrift['found'];
  /** As it was: features whose drift the log knows. */
  readonly told: WindowDrift['told'];
  readonly detail: WindowDetail;
}

export async function writeEvaluation(tx: Queryable, { project, deployment }: Watched, of: Evaluation): Promise<void> {
  await tx
    .query<Tables>()
    .updateTable('monitor_windows')
    .set({
      evaluated: of.evaluated,
      evaluated_at: of.evaluatedAt,
      predictions: of.predictions,
      labelled: of.labelled,
      version: of.version ?? null,
      metrics: JSON.stringify(of.metrics),
      reference: JSON.stringify(of.reference),
      drift: JSON.stringify({ found: of.found, told: of.told }),
      detail: JSON.stringify(of.detail),
    })
    .where('project', '=', project)
    .where('deployment', '=', deployment)
    .where('start', '=', of.start)
    .execute();
}

/** How far a window is, and what was told of it. */
export async function writeProgress(tx: Queryable, window: MonitorWindow): Promise<void> {
  const announced = window.announced === undefined ? null : JSON.stringify(window.announced);
  await tx
    .query<Tables>()
    .updateTable('monitor_windows')
    .set({ state: window.state, announced, drift: JSON.stringify(window.drift), metrics: JSON.stringify(window.metrics) })
    .where('project', '=', window.project)
    .where('deployment', '=', window.deployment)
    .where('start', '=', window.start)
    .execute();
}

/** Rows for windows in which nothing was predicted; those that are there stay. */
export async function insertEmpty(
  tx: Queryable,
  { project, deployment }: Watched,
  { window, starts, now }: { readonly window: number; readonly starts: readonly number[]; readonly now: number },
): Promise<void> {
  const empty = { evaluated_at: now, predictions: 0, labelled: 0, version: null, announced: null, detail: null, state: 'open' };
  const evaluated = {
    changes: 1,
    evaluated: 1,
    received_at: now,
    metrics: '{"predictions":0,"requests":0}',
    reference: '{}',
    drift: noDrift,
  };
  for (let at = 0; at < starts.length; at += 500) {
    const rows = starts
      .slice(at, at + 500)
      .map((start): WindowRow => ({ project, deployment, start, end: start + window, ...empty, ...evaluated }));
    await tx
      .query<Tables>()
      .insertInto('monitor_windows')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** For a new length of window: what was cut the old way goes. */
export async function deleteWindows(tx: Queryable, { project, deployment }: Watched): Promise<void> {
  const all = tx.query<Tables>().deleteFrom('monitor_windows').where('project', '=', project);
  await all.where('deployment', '=', deployment).execute();
}

function toWindow(row: Omit<WindowRow, 'detail'>): MonitorWindow {
  const { state, received_at: receivedAt, evaluated_at: evaluatedAt, version, metrics, reference, announced, drift, ...rest } = row;
  return {
    ...rest,
    // The writers above wrote these.
    state: state as WindowState,
    metrics: JSON.parse(metrics) as Metrics,
    reference: JSON.parse(reference) as Metrics,
    announced: announced === null ? undefined : (JSON.parse(announced) as Announced),
    drift: JSON.parse(drift) as WindowDrift,
    receivedAt,
    evaluatedAt: evaluatedAt ?? undefined,
    version: version ?? undefined,
  };
}
