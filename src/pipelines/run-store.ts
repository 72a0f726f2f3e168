import type { Queryable } from '#kernel/database/index.ts';
import type { CodeState, PipelineRun, PipelineRunId, RunState, TriggerKind } from './model.ts';

interface RunRow {
  id: string;
  project: string;
  pipeline: string;
  state: RunState;
  trigger_kind: TriggerKind;
  trigger_event: number | null;
  trigger_name: string | null;
  depth: number;
  definition: string;
  code: string;
  parameters: string;
  inputs: string;
  actor: string;
  run: string | null;
  registered: string | null;
  failure: string | null;
  fresh: number;
  cancel_requested: number;
  retry_of: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

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

export interface RunPatch {
  readonly state?: RunState;
  readonly inputs?: PipelineRun['inputs'];
  readonly run?: string;
  readonly registered?: NonNullable<PipelineRun['registered']>;
  readonly failure?: NonNullable<PipelineRun['failure']> | undefined;
  readonly cancelRequested?: true;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** False when the run was no longer in `from`. */
export async function updateRun(tx: Queryable, id: PipelineRunId, patch: RunPatch, from?: readonly RunState[]): Promise<boolean> {
  const set: Partial<RunRow> = {
    ...(patch.state && { state: patch.state }),
    ...(patch.inputs && { inputs: JSON.stringify(patch.inputs) }),
    ...(patch.run !== undefined && { run: patch.run }),
    ...(patch.registered && { registered: JSON.stringify(patch.registered) }),
    ...(patch.failure && { failure: JSON.stringify(patch.failure) }),
    ...(patch.cancelRequested && { cancel_requested: 1 }),
    ...(patch.startedAt !== undefined && { started_at: patch.startedAt }),
    ...(patch.finishedAt !== undefined && { finished_at: patch.finishedAt }),
  };
  let update = tx.query<Tables>().updateTable('pipeline_runs').set(set).where('id', '=', id);
  if (from !== undefined) update = update.where('state', 'in', from);
  return (await update.executeTakeFirst()).numUpdatedRows > 0n;
}

export async function isCancelRequested(from: Queryable, id: PipelineRunId): Promise<boolean> {
  const row = await from.query<Tables>().selectFrom('pipeline_runs').select('cancel_requested').where('id', '=', id).executeTakeFirst();
  return row?.cancel_requested === 1;
}

function toRow(run: PipelineRun): RunRow {
  const { codeDigest, environmentDigest, commit, dirty, stepCode } = run;
  return {
    id: run.id,
    project: run.project,
    pipeline: run.pipeline,
    state: run.state,
    trigger_kind: run.trigger.kind,
    trigger_event: run.trigger.event ?? null,
    trigger_name: run.triggerName ?? null,
    depth: run.depth,
    definition: JSON.stringify(run.definition),
    code: JSON.stringify({ codeDigest, environmentDigest, commit, dirty, stepCode }),
    parameters: JSON.stringify(run.parameters),
    inputs: JSON.stringify(run.inputs),
    actor: JSON.stringify(run.actor),
    run: run.run ?? null,
    registered: run.registered === undefined ? null : JSON.stringify(run.registered),
    failure: run.failure === undefined ? null : JSON.stringify(run.failure),
    fresh: run.fresh ? 1 : 0,
    cancel_requested: run.cancelRequested ? 1 : 0,
    retry_of: run.retryOf ?? null,
    created_at: run.createdAt,
    started_at: run.startedAt ?? null,
    finished_at: run.finishedAt ?? null,
  };
}

function fromRow(row: RunRow): PipelineRun {
  // Written by `toRow` above; older shapes are the business of migrations.
  const code = JSON.parse(row.code) as CodeState & Pick<PipelineRun, 'stepCode'>;
  return {
    ...code,
    commit: code.commit,
    dirty: code.dirty,
    id: row.id as PipelineRunId,
    project: row.project,
    pipeline: row.pipeline,
    state: row.state,
    trigger: { kind: row.trigger_kind, event: row.trigger_event ?? undefined },
    triggerName: row.trigger_name ?? undefined,
    depth: row.depth,
    definition: JSON.parse(row.definition) as PipelineRun['definition'],
    parameters: JSON.parse(row.parameters) as PipelineRun['parameters'],
    inputs: JSON.parse(row.inputs) as PipelineRun['inputs'],
    actor: JSON.parse(row.actor) as PipelineRun['actor'],
    run: row.run ?? undefined,
    registered: row.registered === null ? undefined : (JSON.parse(row.registered) as NonNullable<PipelineRun['registered']>),
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as NonNullable<PipelineRun['failure']>),
    fresh: row.fresh === 1,
    cancelRequested: row.cancel_requested === 1,
    retryOf: (row.retry_of as PipelineRunId | null) ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}
