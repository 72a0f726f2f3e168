import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { GateCheck } from './gates/gate-rules.ts';
import type { SmokeSample } from './gate-worker/protocol.ts';
import type { Cancellation, Release, ReleaseCause, ReleaseFailure, ReleaseId, ReleasePlan } from './model.ts';
import { busyStates, type ReleaseState, unfinishedStates } from './states.ts';

interface ReleaseRow {
  id: string;
  project: string;
  number: number;
  deployment: string;
  model: string;
  version: number;
  digest: string;
  reason: string;
  deliberate: number;
  cause: ReleaseCause;
  origin: string | null;
  author: string;
  plan: string;
  state: ReleaseState;
  note: string | null;
  compared_with: number | null;
  smoke: string | null;
  smoke_checks: string | null;
  staging_revision: string | null;
  production_revision: string | null;
  cancellation: string | null;
  attempts: number;
  failure: string | null;
  created_at: number;
  state_at: number;
  finished_at: number | null;
}

interface Tables {
  releases: ReleaseRow;
}

export async function insertRelease(tx: Queryable, release: Release): Promise<void> {
  await tx.query<Tables>().insertInto('releases').values(toRow(release)).execute();
}

/** Writes all of it; for one who read it in this transaction. */
export async function updateRelease(change: Queryable, release: Release): Promise<void> {
  const { id, ...row } = toRow(release);
  await change.query<Tables>().updateTable('releases').set(row).where('id', '=', id).execute();
}

/** Notes a try that failed, unless the release has moved on. */
export async function recordAttempt(tx: Queryable, { id, state }: Release, attempts: number): Promise<void> {
  await tx.query<Tables>().updateTable('releases').set({ attempts }).where('id', '=', id).where('state', '=', state).execute();
}

/** For a release in production, whose driver ends its rollout. False when it is no longer there. */
export async function requestCancellation(tx: Queryable, { id }: Release, cancellation: Cancellation): Promise<boolean> {
  const done = await tx
    .query<Tables>()
    .updateTable('releases')
    .set({ cancellation: JSON.stringify(cancellation) })
    .where('id', '=', id)
    .where('state', '=', 'production')
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function findRelease(from: Queryable, project: string | undefined, id: string): Promise<Release | undefined> {
  let select = from.query<Tables>().selectFrom('releases').selectAll().where('id', '=', id);
  if (project !== undefined) select = select.where('project', '=', project);
  const row = await select.executeTakeFirst();
  return row && fromRow(row);
}

export async function findByOrigin(from: Queryable, project: string, origin: string): Promise<Release | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('releases')
    .selectAll()
    .where('project', '=', project)
    .where('origin', '=', origin)
    .executeTakeFirst();
  return row && fromRow(row);
}

export interface ReleaseFilter {
  readonly project: string;
  readonly deployment?: string | undefined;
  readonly model?: string | undefined;
  readonly state?: ReleaseState | undefined;
  /** Only numbers below. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listReleases(from: Queryable, filter: ReleaseFilter): Promise<Release[]> {
  let select = from.query<Tables>().selectFrom('releases').selectAll().where('project', '=', filter.project);
  if (filter.deployment !== undefined) select = select.where('deployment', '=', filter.deployment);
  if (filter.model !== undefined) select = select.where('model', '=', filter.model);
  if (filter.state !== undefined) select = select.where('state', '=', filter.state);
  if (filter.before !== undefined) select = select.where('number', '<', filter.before);
  return (await select.orderBy('number', 'desc').limit(filter.limit).execute()).map(fromRow);
}

/** Releases that are not over, oldest first. */
export async function unfinishedReleases(from: Queryable, of?: { project: string; deployment: string }): Promise<Release[]> {
  let select = from.query<Tables>().selectFrom('releases').selectAll().where('state', 'in', unfinishedStates);
  if (of !== undefined) select = select.where('project', '=', of.project).where('deployment', '=', of.deployment);
  return (await select.orderBy('created_at').orderBy('number').execute()).map(fromRow);
}

/** Another release of the deployment that works on its environments now, or has waited longer to begin. One that waits for people holds up nobody. */
export async function releaseAhead(from: Queryable, release: Release): Promise<Release | undefined> {
  const others = (await unfinishedReleases(from, release)).filter((other) => other.id !== release.id);
  const busy = others.find(
    (other) => busyStates.includes(other.state) || (other.state === 'awaiting-approval' && other.plan.approvals.needed === 0),
  );
  if (busy !== undefined || release.state !== 'created') return busy;
  return others.find((other) => other.state === 'created' && other.number < release.number);
}

export async function nextNumber(tx: Queryable, project: string): Promise<number> {
  const row = await tx
    .query<Tables>()
    .selectFrom('releases')
    .select((select) => select.fn.max('number').as('highest'))
    .where('project', '=', project)
    .executeTakeFirst();
  return (row?.highest ?? 0) + 1;
}

function toRow(release: Release): ReleaseRow {
  return {
    id: release.id,
    project: release.project,
    number: release.number,
    deployment: release.deployment,
    model: release.model,
    version: release.version,
    digest: release.digest,
    reason: release.reason,
    deliberate: release.deliberate ? 1 : 0,
    cause: release.cause,
    origin: release.origin ?? null,
    author: JSON.stringify(release.author),
    plan: JSON.stringify(release.plan),
    state: release.state,
    note: release.note ?? null,
    compared_with: release.comparedWith ?? null,
    smoke: json(release.smoke),
    smoke_checks: json(release.smokeChecks),
    staging_revision: release.stagingRevision ?? null,
    production_revision: release.productionRevision ?? null,
    cancellation: json(release.cancellation),
    attempts: release.attempts,
    failure: json(release.failure),
    created_at: release.createdAt,
    state_at: release.stateAt,
    finished_at: release.finishedAt ?? null,
  };
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function parsed(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

function fromRow(row: ReleaseRow): Release {
  // The JSON was written by `toRow`.
  return {
    id: row.id as ReleaseId,
    project: row.project,
    number: row.number,
    deployment: row.deployment,
    model: row.model,
    version: row.version,
    digest: row.digest,
    reason: row.reason,
    deliberate: row.deliberate === 1,
    cause: row.cause,
    origin: row.origin ?? undefined,
    author: JSON.parse(row.author) as Actor,
    plan: JSON.parse(row.plan) as ReleasePlan,
    state: row.state,
    note: row.note ?? undefined,
    comparedWith: row.compared_with ?? undefined,
    smoke: parsed(row.smoke) as SmokeSample | undefined,
    smokeChecks: parsed(row.smoke_checks) as GateCheck[] | undefined,
    stagingRevision: row.staging_revision ?? undefined,
    productionRevision: row.production_revision ?? undefined,
    cancellation: parsed(row.cancellation) as Cancellation | undefined,
    attempts: row.attempts,
    failure: parsed(row.failure) as ReleaseFailure | undefined,
    createdAt: row.created_at,
    stateAt: row.state_at,
    finishedAt: row.finished_at ?? undefined,
  };
}

/** The release that last brought a version to a deployment. */
export async function findReleaseOf(
  from: Queryable,
  of: { readonly project: string; readonly deployment: string; readonly version: number },
): Promise<Release | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('releases')
    .selectAll()
    .where('project', '=', of.project)
    .where('deployment', '=', of.deployment)
    .where('version', '=', of.version)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row && fromRow(row);
}
