import type { Queryable } from '#kernel/database/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { KeyParts, PipelineRun, PipelineRunId, StepRun, StepRunId, StepState } from './model.ts';

interface StepRow {
  id: string;
  pipeline_run: string;
  project: string;
  pipeline: string;
  step: string;
  state: StepState;
  attempts: number;
  cache_key: string | null;
  key_parts: string | null;
  outputs: string;
  published: string;
  log: string | null;
  run_log: string | null;
  warnings: string;
  failure: string | null;
  cached_from: string | null;
  progress: string | null;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
  started_at: number | null;
  finished_at: number | null;
}

interface Tables {
  step_runs: StepRow;
}

/** Adds a queued step run for each step. */
export async function insertSteps(tx: Queryable, run: PipelineRun, nextId: () => string): Promise<void> {
  const rows = run.definition.steps.map((step): StepRow => ({
    id: nextId(),
    pipeline_run: run.id,
    project: run.project,
    pipeline: run.pipeline,
    step: step.name,
    state: 'queued',
    attempts: 0,
    cache_key: null,
    key_parts: null,
    outputs: '{}',
    published: '[]',
    log: null,
    run_log: null,
    warnings: '[]',
    failure: null,
    cached_from: null,
    progress: null,
    cpu_ms: null,
    peak_memory_bytes: null,
    started_at: null,
    finished_at: null,
  }));
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

export type StepPatch = { readonly [Name in keyof Omit<StepRun, 'id' | 'pipelineRun' | 'step'>]?: StepRun[Name] };

/** False when the step was no longer in `from`. A member given as undefined is emptied, one left out stays. */
export async function updateStep(tx: Queryable, id: StepRunId, patch: StepPatch, from?: StepState): Promise<boolean> {
  let update = tx.query<Tables>().updateTable('step_runs').set(patchRow(patch)).where('id', '=', id);
  if (from !== undefined) update = update.where('state', '=', from);
  return (await update.executeTakeFirst()).numUpdatedRows > 0n;
}

const columns = {
  state: 'state',
  attempts: 'attempts',
  key: 'cache_key',
  keyParts: 'key_parts',
  outputs: 'outputs',
  published: 'published',
  log: 'log',
  runLog: 'run_log',
  warnings: 'warnings',
  failure: 'failure',
  cachedFrom: 'cached_from',
  progress: 'progress',
  cpuMs: 'cpu_ms',
  peakMemoryBytes: 'peak_memory_bytes',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
} as const satisfies Record<keyof StepPatch, keyof StepRow>;

function patchRow(patch: StepPatch): Partial<StepRow> {
  const values = Object.entries(patch).map(([name, value]) => {
    // The keys of a patch are those of `columns`.
    const column = columns[name as keyof typeof columns];
    return [column, value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(values) as Partial<StepRow>;
}

function fromRow(row: StepRow): StepRun {
  return {
    id: row.id as StepRunId,
    pipelineRun: row.pipeline_run as PipelineRunId,
    step: row.step,
    state: row.state,
    attempts: row.attempts,
    key: row.cache_key ?? undefined,
    keyParts: parsed(row.key_parts) as KeyParts | undefined,
    outputs: JSON.parse(row.outputs) as StepRun['outputs'],
    published: JSON.parse(row.published) as StepRun['published'],
    log: (row.log as Digest | null) ?? undefined,
    runLog: (row.run_log as Digest | null) ?? undefined,
    warnings: JSON.parse(row.warnings) as StepRun['warnings'],
    failure: parsed(row.failure) as StepRun['failure'],
    cachedFrom: (row.cached_from as StepRunId | null) ?? undefined,
    progress: parsed(row.progress) as StepRun['progress'],
    cpuMs: row.cpu_ms ?? undefined,
    peakMemoryBytes: row.peak_memory_bytes ?? undefined,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}

/** Columns are written by `patchRow` alone, so the caller knows what is in them. */
function parsed(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}
