import type { Digest } from '#kernel/objects/index.ts';
import type { KeyParts, PipelineRun, PipelineRunId, StepRun, StepRunId, StepState } from './model.ts';

export interface StepRow {
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

export type StepPatch = { readonly [Name in keyof Omit<StepRun, 'id' | 'pipelineRun' | 'step'>]?: StepRun[Name] };

export function queuedRow(run: PipelineRun, step: string, id: string): StepRow {
  return {
    id,
    pipeline_run: run.id,
    project: run.project,
    pipeline: run.pipeline,
    step,
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
  };
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

export function patchRow(patch: StepPatch): Partial<StepRow> {
  const values = Object.entries(patch).map(([name, value]) => {
    // The keys of a patch are those of `columns`.
    const column = columns[name as keyof typeof columns];
    return [column, value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(values) as Partial<StepRow>;
}

export function fromRow(row: StepRow): StepRun {
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
