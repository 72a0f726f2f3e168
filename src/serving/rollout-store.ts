import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Place } from './deployment-store.ts';
import type { Baseline, Environment, Measurement, RevisionId, Rollback, Rollout, RolloutId, RolloutState } from './model.ts';

interface RolloutRow {
  id: string;
  deployment: string;
  environment: string;
  revision: string;
  stable: string | null;
  strategy: string;
  steps: string;
  step: number;
  state: string;
  salt: string;
  started_at: number;
  state_at: number;
  desired_version: number;
  baseline: string | null;
  extensions: number;
  measurements: string;
  reason: string | null;
  finished_at: number | null;
}

interface RollbackRow {
  id: string;
  deployment: string;
  environment: string;
  from_revision: string;
  to_revision: string;
  reason: string;
  automatic: number;
  actor: string;
  started_at: number;
  desired_version: number;
  finished_at: number | null;
}

interface Tables {
  rollouts: RolloutRow;
  rollbacks: RollbackRow;
}

/** Written whole: a rollout is small and changes a few times a minute. */
export async function putRollout(tx: Queryable, rollout: Rollout): Promise<void> {
  const row = rowOf(rollout);
  await tx
    .query<Tables>()
    .insertInto('rollouts')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function findRollout(from: Queryable, id: string): Promise<Rollout | undefined> {
  const row = await from.query<Tables>().selectFrom('rollouts').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : rolloutOf(row);
}

/** Those that have not ended. */
export async function activeRollouts(from: Queryable, place?: Place): Promise<readonly Rollout[]> {
  let select = from.query<Tables>().selectFrom('rollouts').selectAll().where('finished_at', 'is', null);
  if (place !== undefined) select = select.where('deployment', '=', place.deployment).where('environment', '=', place.environment);
  return (await select.execute()).map(rolloutOf);
}

/** The newest first. */
export async function recentRollouts(from: Queryable, place: Place, limit: number): Promise<readonly Rollout[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('rollouts')
    .selectAll()
    .where('deployment', '=', place.deployment)
    .where('environment', '=', place.environment)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(rolloutOf);
}

function rowOf(rollout: Rollout): RolloutRow {
  return {
    id: rollout.id,
    deployment: rollout.deployment,
    environment: rollout.environment,
    revision: rollout.revision,
    stable: rollout.stable ?? null,
    strategy: rollout.strategy,
    steps: JSON.stringify(rollout.steps),
    step: rollout.step,
    state: rollout.state,
    salt: rollout.salt,
    started_at: rollout.startedAt,
    state_at: rollout.stateAt,
    desired_version: rollout.desiredVersion,
    baseline: rollout.baseline === undefined ? null : JSON.stringify(rollout.baseline),
    extensions: rollout.extensions,
    measurements: JSON.stringify(rollout.measurements),
    reason: rollout.reason ?? null,
    finished_at: rollout.finishedAt ?? null,
  };
}

function rolloutOf(row: RolloutRow): Rollout {
  return {
    // Written by `putRollout` from these very types.
    id: row.id as RolloutId,
    deployment: row.deployment,
    environment: row.environment as Environment,
    revision: row.revision as RevisionId,
    stable: row.stable === null ? undefined : (row.stable as RevisionId),
    strategy: row.strategy as Rollout['strategy'],
    steps: JSON.parse(row.steps) as readonly number[],
    step: row.step,
    state: row.state as RolloutState,
    salt: row.salt,
    startedAt: row.started_at,
    stateAt: row.state_at,
    desiredVersion: row.desired_version,
    baseline: row.baseline === null ? undefined : (JSON.parse(row.baseline) as Baseline),
    extensions: row.extensions,
    measurements: JSON.parse(row.measurements) as readonly Measurement[],
    reason: row.reason ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}

export async function insertRollback(tx: Queryable, rollback: Rollback, actor: Actor): Promise<void> {
  await tx
    .query<Tables>()
    .insertInto('rollbacks')
    .values({
      id: rollback.id,
      deployment: rollback.deployment,
      environment: rollback.environment,
      from_revision: rollback.fromRevision,
      to_revision: rollback.toRevision,
      reason: rollback.reason,
      automatic: rollback.automatic ? 1 : 0,
      actor: JSON.stringify(actor),
      started_at: rollback.startedAt,
      desired_version: rollback.desiredVersion,
      finished_at: null,
    })
    .execute();
}

/** Rollbacks whose traffic has not moved yet, with who ordered them. */
export async function openRollbacks(from: Queryable): Promise<readonly { readonly rollback: Rollback; readonly actor: Actor }[]> {
  const rows = await from.query<Tables>().selectFrom('rollbacks').selectAll().where('finished_at', 'is', null).execute();
  return rows.map((row) => ({ rollback: rollbackOf(row), actor: JSON.parse(row.actor) as Actor }));
}

export async function findRollback(from: Queryable, id: string): Promise<Rollback | undefined> {
  const row = await from.query<Tables>().selectFrom('rollbacks').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : rollbackOf(row);
}

export async function finishRollback(tx: Queryable, id: string, time: number): Promise<void> {
  await tx.query<Tables>().updateTable('rollbacks').set({ finished_at: time }).where('id', '=', id).execute();
}

function rollbackOf(row: RollbackRow): Rollback {
  return {
    id: row.id,
    deployment: row.deployment,
    environment: row.environment as Environment,
    fromRevision: row.from_revision as RevisionId,
    toRevision: row.to_revision as RevisionId,
    reason: row.reason,
    automatic: row.automatic === 1,
    startedAt: row.started_at,
    desiredVersion: row.desired_version,
    finishedAt: row.finished_at ?? undefined,
  };
}
