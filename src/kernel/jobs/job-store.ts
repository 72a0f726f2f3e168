import { sql } from 'kysely';
import type { Json } from '../canonical-json.ts';
import type { Queryable } from '../database/index.ts';
import type { Job, JobFilter, JobId, JobState, NewJob } from './model.ts';

interface JobRow {
  id: string;
  kind: string;
  key: string | null;
  payload: string;
  state: JobState;
  attempts: number;
  priority: number;
  run_at: number;
  created_at: number;
  lease_until: number | null;
  worker: string | null;
  last_error: string | null;
}

interface Tables {
  jobs: JobRow;
}

/** A lease: only this worker, in this attempt, may touch the job. */
export interface Lease {
  readonly id: JobId;
  readonly worker: string;
  readonly attempts: number;
}

export async function insertJob(tx: Queryable, id: string, job: NewJob, now: number): Promise<JobId | undefined> {
  const inserted = await tx
    .query<Tables>()
    .insertInto('jobs')
    .values({
      id,
      kind: job.kind,
      key: job.key ?? null,
      payload: JSON.stringify(job.payload),
      state: 'queued',
      attempts: 0,
      priority: job.priority ?? 0,
      run_at: job.runAt ?? now,
      created_at: now,
      lease_until: null,
      worker: null,
      last_error: null,
    })
    // Touching the job that waits keeps it from being taken before this transaction is over: what it is to find is not there earlier.
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'key'])
        .where(sql<boolean>`state = 'queued'`)
        .doUpdateSet({ kind: job.kind }),
    )
    .returning('id')
    .executeTakeFirst();
  return inserted?.id === id ? (id as JobId) : undefined;
}

/** Kinds that have something due. Reads only, so an idle server writes nothing. */
export async function dueKinds(from: Queryable, kinds: readonly string[], now: number): Promise<string[]> {
  if (kinds.length === 0) return [];
  const rows = await from
    .query<Tables>()
    .selectFrom('jobs')
    .select('kind')
    .distinct()
    .where('state', '=', 'queued')
    .where('kind', 'in', kinds)
    .where('run_at', '<=', now)
    .execute();
  return rows.map((row) => row.kind);
}

/** Leases up to `limit` due jobs of one kind. A job waits while another of its key runs. */
export async function claimJobs(
  tx: Queryable,
  want: { readonly kind: string; readonly worker: string; readonly now: number; readonly leaseMs: number; readonly limit: number },
): Promise<Job[]> {
  const query = tx.query<Tables>();
  let pick = query
    .selectFrom('jobs')
    .select('id')
    .where('state', '=', 'queued')
    .where('kind', '=', want.kind)
    .where('run_at', '<=', want.now)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('jobs as other')
            .select('other.id')
            .whereRef('other.kind', '=', 'jobs.kind')
            .whereRef('other.key', '=', 'jobs.key')
            .where('other.state', '=', 'running'),
        ),
      ),
    )
    .orderBy('priority', 'desc')
    .orderBy('run_at')
    .orderBy('id')
    .limit(want.limit);
  if (tx.dialect === 'postgres') pick = pick.forUpdate().skipLocked();
  const ids = (await pick.execute()).map((row) => row.id);
  if (ids.length === 0) return [];
  const rows = await query
    .updateTable('jobs')
    .set(({ eb }) => ({ state: 'running', worker: want.worker, lease_until: want.now + want.leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', ids)
    .returningAll()
    .execute();
  return rows.map(fromRow).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** False when the lease is no longer ours. */
export async function extendLease(tx: Queryable, lease: Lease, until: number): Promise<boolean> {
  const done = await held(tx.query<Tables>().updateTable('jobs').set({ lease_until: until }), lease).executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function deleteLeased(tx: Queryable, lease: Lease): Promise<void> {
  await held(tx.query<Tables>().deleteFrom('jobs'), lease).execute();
}

/** Back to the queue, unless a job of the same key already waits: that one does the work then. */
export async function requeueLeased(
  tx: Queryable,
  job: Job,
  back: { readonly lease: Lease; readonly runAt: number; readonly attempts: number; readonly lastError?: string | undefined },
): Promise<void> {
  if (job.key !== undefined && (await isWaiting(tx, job.kind, job.key))) return deleteLeased(tx, back.lease);
  const set = { state: 'queued', worker: null, lease_until: null, run_at: back.runAt, attempts: back.attempts } as const;
  const error = back.lastError === undefined ? {} : { last_error: back.lastError };
  await held(
    tx
      .query<Tables>()
      .updateTable('jobs')
      .set({ ...set, ...error }),
    back.lease,
  ).execute();
}

export async function buryLeased(tx: Queryable, lease: Lease, lastError: string): Promise<void> {
  const set = { state: 'dead', worker: null, lease_until: null, last_error: lastError } as const;
  await held(tx.query<Tables>().updateTable('jobs').set(set), lease).execute();
}

/** Running jobs whose lease ended before `now`; all running ones when `now` is undefined. */
export async function endedLeases(from: Queryable, kinds: readonly string[], now: number | undefined): Promise<(Job & { lease: Lease })[]> {
  let select = from.query<Tables>().selectFrom('jobs').selectAll().where('kind', 'in', kinds).where('state', '=', 'running');
  if (kinds.length === 0) return [];
  if (now !== undefined) select = select.where('lease_until', '<', now);
  const rows = await select.limit(1000).execute();
  return rows.map((row) => ({ ...fromRow(row), lease: { id: row.id as JobId, worker: row.worker ?? '', attempts: row.attempts } }));
}

export async function selectJobs(from: Queryable, filter: JobFilter): Promise<Job[]> {
  let select = from.query<Tables>().selectFrom('jobs').selectAll();
  if (filter.kind !== undefined) select = select.where('kind', '=', filter.kind);
  if (filter.key !== undefined) select = select.where('key', '=', filter.key);
  if (filter.state !== undefined) select = select.where('state', '=', filter.state);
  const rows = await select
    .orderBy('run_at')
    .orderBy('id')
    .limit(filter.limit ?? 100)
    .execute();
  return rows.map(fromRow);
}

export async function reviveJob(tx: Queryable, id: JobId, now: number): Promise<boolean> {
  const query = tx.query<Tables>();
  const row = await query.selectFrom('jobs').selectAll().where('id', '=', id).where('state', '=', 'dead').executeTakeFirst();
  if (row === undefined) return false;
  if (row.key !== null && (await isWaiting(tx, row.kind, row.key))) {
    await query.deleteFrom('jobs').where('id', '=', id).execute();
    return true;
  }
  await query.updateTable('jobs').set({ state: 'queued', attempts: 0, run_at: now }).where('id', '=', id).execute();
  return true;
}

async function isWaiting(tx: Queryable, kind: string, key: string): Promise<boolean> {
  const row = await tx
    .query<Tables>()
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('state', '=', 'queued')
    .executeTakeFirst();
  return row !== undefined;
}

interface Filtered<Self> {
  where(column: 'id' | 'worker' | 'state' | 'attempts', operator: '=', value: never): Self;
}

function held<Query>(query: Query & Filtered<Query>, lease: Lease): Query {
  // Updates and deletes share no type in Kysely; both take these four conditions.
  const narrow = (from: Query, column: 'id' | 'worker' | 'state' | 'attempts', value: string | number) =>
    (from as Query & Filtered<Query>).where(column, '=', value as never);
  return narrow(narrow(narrow(narrow(query, 'id', lease.id), 'worker', lease.worker), 'attempts', lease.attempts), 'state', 'running');
}

function fromRow(row: JobRow): Job {
  return {
    id: row.id as JobId,
    kind: row.kind,
    key: row.key ?? undefined,
    payload: JSON.parse(row.payload) as Json,
    state: row.state,
    attempts: row.attempts,
    priority: row.priority,
    runAt: row.run_at,
    createdAt: row.created_at,
    lastError: row.last_error ?? undefined,
  };
}
