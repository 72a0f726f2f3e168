import type { Queryable } from '#kernel/database/index.ts';
import type { PipelineRun, StepRun, StepRunId, StepState } from './model.ts';
import { fromRow, patchRow, queuedRow, type StepPatch, type StepRow } from './step-row.ts';

export type { StepPatch };

interface Tables {
  step_runs: StepRow;
}

/** Adds a queued step run for each step. */
export async function insertSteps(tx: Queryable, run: PipelineRun, nextId: () => string): Promise<void> {
  const rows = run.definition.steps.map((step) => queuedRow(run, step.name, nextId()));
  // A statement takes a limited number of values.
  for (let start = 0; start < rows.length; start += 500)
    await tx
      .query<Tables>()
      .insertInto('step_runs')
      .values(rows.slice(start, start + 500))
      .execute();
}

export async function selectSteps(from: Queryable, pipelineRun: string): Promise<StepRun[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('step_runs')
    .selectAll()
    .where('pipeline_run', '=', pipelineRun)
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

export async function selectStep(from: Queryable, pipelineRun: string, step: string): Promise<StepRun | undefined> {
  const select = from.query<Tables>().selectFrom('step_runs').selectAll().where('pipeline_run', '=', pipelineRun);
  const row = await select.where('step', '=', step).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** The states alone of many runs, for lists. */
export async function selectStepStates(
  from: Queryable,
  pipelineRuns: readonly string[],
): Promise<readonly { pipelineRun: string; step: string; state: StepState }[]> {
  if (pipelineRuns.length === 0) return [];
  const rows = await from
    .query<Tables>()
    .selectFrom('step_runs')
    .select(['pipeline_run', 'step', 'state'])
    .where('pipeline_run', 'in', pipelineRuns)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ pipelineRun: row.pipeline_run, step: row.step, state: row.state }));
}

/** The pipeline run of each of these step runs. */
export async function pipelineRunsOfSteps(from: Queryable, steps: readonly StepRunId[]): Promise<ReadonlyMap<string, string>> {
  if (steps.length === 0) return new Map();
  const rows = await from.query<Tables>().selectFrom('step_runs').select(['id', 'pipeline_run']).where('id', 'in', steps).execute();
  return new Map(rows.map((row) => [row.id, row.pipeline_run]));
}

/** The newest step run of a project that really ran with this key and succeeded. */
export async function findResult(from: Queryable, project: string, key: string): Promise<StepRun | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('step_runs')
    .selectAll()
    .where('project', '=', project)
    .where('cache_key', '=', key)
    .where('state', '=', 'succeeded')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** Earlier runs of one step, newest first. */
export async function earlierSteps(
  from: Queryable,
  of: { readonly project: string; readonly pipeline: string; readonly step: StepRun; readonly limit: number },
): Promise<StepRun[]> {
  const rows = await from
    .query<Tables>()
    .selectFrom('step_runs')
    .selectAll()
    .where('project', '=', of.project)
    .where('pipeline', '=', of.pipeline)
    .where('step', '=', of.step.step)
    .where('id', '<', of.step.id)
    .where('key_parts', 'is not', null)
    .orderBy('id', 'desc')
    .limit(of.limit)
    .execute();
  return rows.map(fromRow);
}

/** False when the step was no longer in `from`. A member given as undefined is emptied, one left out stays. */
export async function updateStep(tx: Queryable, id: StepRunId, patch: StepPatch, from?: StepState): Promise<boolean> {
  let update = tx.query<Tables>().updateTable('step_runs').set(patchRow(patch)).where('id', '=', id);
  if (from !== undefined) update = update.where('state', '=', from);
  return (await update.executeTakeFirst()).numUpdatedRows > 0n;
}
