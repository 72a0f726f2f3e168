import type { Queryable } from '#kernel/database/index.ts';
import type { PipelineRun, PipelineRunId, RunState } from './model.ts';
import { fromRow, patchRow, type RunPatch, type RunRow, toRow } from './run-row.ts';

interface Tables {
  pipeline_runs: RunRow;
}

export interface RunFilter {
  readonly project: string;
  readonly pipeline?: string | undefined;
  readonly state?: RunState | undefined;
  readonly triggerName?: string | undefined;
  /** Runs older than this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** False when this event has already started this trigger. */
export async function insertRun(tx: Queryable, run: PipelineRun): Promise<boolean> {
  const done = await tx
    .query<Tables>()
    .insertInto('pipeline_runs')
    .values(toRow(run))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function selectRun(from: Queryable, id: string): Promise<PipelineRun | undefined> {
  const row = await from.query<Tables>().selectFrom('pipeline_runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** Newest first. */
export async function selectRuns(from: Queryable, filter: RunFilter): Promise<PipelineRun[]> {
  let select = from.query<Tables>().selectFrom('pipeline_runs').selectAll().where('project', '=', filter.project);
  if (filter.pipeline !== undefined) select = select.where('pipeline', '=', filter.pipeline);
  if (filter.state !== undefined) select = select.where('state', '=', filter.state);
  if (filter.triggerName !== undefined) select = select.where('trigger_name', '=', filter.triggerName);
  if (filter.before !== undefined) select = select.where('id', '<', filter.before);
  return (await select.orderBy('id', 'desc').limit(filter.limit).execute()).map(fromRow);
}

export async function unfinishedRuns(from: Queryable, states: readonly RunState[] = ['queued', 'running']): Promise<PipelineRun[]> {
  const select = from.query<Tables>().selectFrom('pipeline_runs').selectAll().where('state', 'in', states);
  return (await select.orderBy('id').execute()).map(fromRow);
}

/** False when the run was no longer in `from`. */
export async function updateRun(tx: Queryable, id: PipelineRunId, patch: RunPatch, from?: readonly RunState[]): Promise<boolean> {
  let update = tx.query<Tables>().updateTable('pipeline_runs').set(patchRow(patch)).where('id', '=', id);
  if (from !== undefined) update = update.where('state', 'in', from);
  return (await update.executeTakeFirst()).numUpdatedRows > 0n;
}

export async function isCancelRequested(from: Queryable, id: PipelineRunId): Promise<boolean> {
  const row = await from.query<Tables>().selectFrom('pipeline_runs').select('cancel_requested').where('id', '=', id).executeTakeFirst();
  return row?.cancel_requested === 1;
}
