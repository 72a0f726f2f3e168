import type { Queryable } from '#kernel/database/index.ts';
import type { AgentReport } from './agent-wire.ts';
import type { Environment, Replica } from './model.ts';

interface AccountRow {
  account: string;
  desired_version: number;
  applied_version: number;
  gateway: string | null;
  reported_at: number | null;
  spool: string | null;
}

interface ReplicaRow {
  revision: string;
  replica: number;
  account: string;
  state: string;
  pid: number | null;
  started_at: number | null;
  restarts: number;
  reason: string | null;
}

interface Tables {
  serving_accounts: AccountRow;
  replicas: ReplicaRow;
}

/** What an account should do and what its agent last said. */
export interface Account {
  readonly account: Environment;
  readonly desiredVersion: number;
  readonly appliedVersion: number;
  readonly gateway: string | undefined;
  readonly reportedAt: number | undefined;
  readonly spool: AgentReport['spool'] | undefined;
  readonly problems: readonly string[];
}

const unknown = { desiredVersion: 0, appliedVersion: 0, gateway: undefined, reportedAt: undefined, spool: undefined, problems: [] };

/** What the column `spool` holds. */
type Health = AgentReport['spool'] & { readonly problems?: readonly string[] };

export async function readAccount(from: Queryable, account: Environment): Promise<Account> {
  const row = await from.query<Tables>().selectFrom('serving_accounts').selectAll().where('account', '=', account).executeTakeFirst();
  if (row === undefined) return { account, ...unknown };
  // Written by `writeReport` from a parsed report.
  const health = row.spool === null ? undefined : (JSON.parse(row.spool) as Health);
  return {
    account,
    desiredVersion: row.desired_version,
    appliedVersion: row.applied_version,
    gateway: row.gateway ?? undefined,
    reportedAt: row.reported_at ?? undefined,
    spool: health && { segments: health.segments, bytes: health.bytes },
    problems: health?.problems ?? [],
  };
}

/** Says that what the account should do has changed; call it in the transaction that changes it. */
export async function advanceDesiredVersion(tx: Queryable, account: Environment): Promise<number> {
  const { desiredVersion } = await readAccount(tx, account);
  const version = desiredVersion + 1;
  await tx
    .query<Tables>()
    .insertInto('serving_accounts')
    .values({ account, desired_version: version, applied_version: 0, gateway: null, reported_at: null, spool: null })
    .onConflict((conflict) => conflict.column('account').doUpdateSet({ desired_version: version }))
    .execute();
  return version;
}

/** Replaces what the agent said before. */
export async function writeReport(
  tx: Queryable,
  account: Environment,
  { report, time }: { report: AgentReport; time: number },
): Promise<void> {
  await tx
    .query<Tables>()
    .updateTable('serving_accounts')
    .set({
      applied_version: report.applied,
      gateway: report.gateway?.address ?? null,
      reported_at: time,
      spool: JSON.stringify({ ...report.spool, problems: report.problems } satisfies Health),
    })
    .where('account', '=', account)
    .execute();
  await tx.query<Tables>().deleteFrom('replicas').where('account', '=', account).execute();
  if (report.replicas.length === 0) return;
  await tx
    .query<Tables>()
    .insertInto('replicas')
    .values(
      report.replicas.map((replica) => ({
        revision: replica.revision,
        replica: replica.replica,
        account,
        state: replica.state,
        pid: replica.pid ?? null,
        started_at: replica.startedAt ?? null,
        restarts: replica.restarts,
        reason: replica.reason ?? null,
      })),
    )
    .execute();
}

/** Before an agent starts: what an earlier one said is no longer true. */
export async function forgetReport(tx: Queryable, account: Environment): Promise<void> {
  await tx.query<Tables>().deleteFrom('replicas').where('account', '=', account).execute();
  await tx
    .query<Tables>()
    .updateTable('serving_accounts')
    .set({ applied_version: 0, gateway: null, reported_at: null })
    .where('account', '=', account)
    .execute();
}

export async function readReplicas(from: Queryable, revisions: readonly string[]): Promise<readonly Replica[]> {
  if (revisions.length === 0) return [];
  const rows = await from
    .query<Tables>()
    .selectFrom('replicas')
    .selectAll()
    .where('revision', 'in', [...revisions])
    .orderBy('revision')
    .orderBy('replica')
    .execute();
  return rows.map((row) => ({
    revision: row.revision,
    replica: row.replica,
    state: row.state as Replica['state'],
    pid: row.pid ?? undefined,
    startedAt: row.started_at ?? undefined,
    restarts: row.restarts,
    reason: row.reason ?? undefined,
  }));
}
