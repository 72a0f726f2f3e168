import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Approval, Environment, GateEvaluation, ReleaseId, ReleaseStep } from './model.ts';
import type { ReleaseState } from './states.ts';

interface Tables {
  release_gates: { release: string; environment: Environment; evaluation: string; evaluated_at: number };
  release_approvals: { release: string; approver: string; actor: string; comment: string | null; counts: number; approved_at: number };
  release_steps: { release: string; position: number; state: ReleaseState; note: string | null; at: number };
}

/** The newest evaluation of each environment counts; every one is in the event log. */
export async function putGate(tx: Queryable, release: ReleaseId, evaluation: GateEvaluation): Promise<void> {
  const row = { evaluation: JSON.stringify(evaluation), evaluated_at: evaluation.time };
  await tx
    .query<Tables>()
    .insertInto('release_gates')
    .values({ release, environment: evaluation.environment, ...row })
    .onConflict((conflict) => conflict.columns(['release', 'environment']).doUpdateSet(row))
    .execute();
}

export async function listGates(from: Queryable, release: ReleaseId): Promise<GateEvaluation[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('release_gates')
    .selectAll()
    .where('release', '=', release)
    .orderBy('evaluated_at')
    .orderBy('environment', 'desc')
    .execute();
  return rows.map((row) => JSON.parse(row.evaluation) as GateEvaluation);
}

/** False when this person has approved it before. */
export async function insertApproval(tx: Queryable, release: ReleaseId, approval: Approval): Promise<boolean> {
  const inserted = await tx
    .query<Tables>()
    .insertInto('release_approvals')
    .values({
      release,
      approver: approval.approver.id,
      actor: JSON.stringify(approval.approver),
      comment: approval.comment ?? null,
      counts: approval.counts ? 1 : 0,
      approved_at: approval.time,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('approver')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function listApprovals(from: Queryable, release: ReleaseId): Promise<Approval[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('release_approvals')
    .selectAll()
    .where('release', '=', release)
    .orderBy('approved_at')
    .execute();
  return rows.map((row) => ({
    approver: JSON.parse(row.actor) as Actor,
    comment: row.comment ?? undefined,
    time: row.approved_at,
    counts: row.counts === 1,
  }));
}

export async function appendStep(tx: Queryable, release: ReleaseId, { state, note, time }: ReleaseStep): Promise<void> {
  const last = await tx
    .query<Tables>()
    .selectFrom('release_steps')
    .select((select) => select.fn.max('position').as('position'))
    .where('release', '=', release)
    .executeTakeFirst();
  const position = (last?.position ?? 0) + 1;
  await tx
    .query<Tables>()
    .insertInto('release_steps')
    .values({ release, position, state, note: note ?? null, at: time })
    .execute();
}

export async function listSteps(from: Queryable, release: ReleaseId): Promise<ReleaseStep[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('release_steps')
    .selectAll()
    .where('release', '=', release)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ state: row.state, note: row.note ?? undefined, time: row.at }));
}
