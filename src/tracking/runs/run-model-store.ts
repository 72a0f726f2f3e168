import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { RunModel } from '../model.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { TrackingTables } from '../store.ts';

/** Adds logged models that a run read or made; the same again adds nothing. */
export async function insertRunModels(
  tx: Queryable,
  run: number,
  { role, models }: { role: 'input' | 'output'; models: readonly RunModel[] },
): Promise<void> {
  if (models.length === 0) return;
  const rows = models.map(({ model, step }) => ({ run, role, model, step: step ?? 0 }));
  await tx
    .query<TrackingTables>()
    .insertInto('run_models')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface RunModels {
  readonly input: readonly RunModel[];
  readonly output: readonly RunModel[];
}

/** Logged models of the given runs, by run; runs without any are left out. */
export async function readRunModels(from: Queryable, runs: readonly number[]): Promise<ReadonlyMap<number, RunModels>> {
  const found = new Map<number, { input: RunModel[]; output: RunModel[] }>();
  if (runs.length === 0) return found;
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('run_models')
    .selectAll()
    .where(isOneOf(sql.ref('run'), runs, from.dialect))
    .orderBy('step')
    .orderBy('model')
    .execute();
  for (const { run, role, model, step } of rows) {
    const models = found.get(run) ?? { input: [], output: [] };
    found.set(run, models);
    if (role === 'input') models.input.push({ model });
    else models.output.push({ model, step });
  }
  return found;
}
