import type { CodeState, PipelineRun, PipelineRunId, RunState, TriggerKind } from './model.ts';

export interface RunRow {
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

export function patchRow(patch: RunPatch): Partial<RunRow> {
  return {
    ...(patch.state && { state: patch.state }),
    ...(patch.inputs && { inputs: JSON.stringify(patch.inputs) }),
    ...(patch.run !== undefined && { run: patch.run }),
    ...(patch.registered && { registered: JSON.stringify(patch.registered) }),
    ...(patch.failure && { failure: JSON.stringify(patch.failure) }),
    ...(patch.cancelRequested && { cancel_requested: 1 }),
    ...(patch.startedAt !== undefined && { started_at: patch.startedAt }),
    ...(patch.finishedAt !== undefined && { finished_at: patch.finishedAt }),
  };
}

export function toRow(run: PipelineRun): RunRow {
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

export function fromRow(row: RunRow): PipelineRun {
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
