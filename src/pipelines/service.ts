import type { ChangeContext } from '#kernel/events/index.ts';
import type { Caller, Endpoint } from '#kernel/http/index.ts';
import type { StepExplanation } from './explain.ts';
import type { PipelineRun, StepRun } from './model.ts';
import type { DefinedPipeline } from './pipeline-store.ts';
import type { RunFilter } from './run-store.ts';
import type { StartRequest } from './new-run.ts';
import type { StepLogs } from './step-log.ts';

export interface Pipelines {
  /** Reads the project's ripen.yaml and code again. @throws `pipelines.definition-*`, `pipelines.code-*` */
  define(context: ChangeContext, project: string): Promise<readonly DefinedPipeline[]>;
  pipelines(project: string): Promise<readonly DefinedPipeline[]>;
  /** @throws `pipelines.pipeline-not-found` */
  pipeline(project: string, name: string): Promise<DefinedPipeline>;
  /** Starts a run of the pipeline as ripen.yaml and the code are now; returns when the run is written, not when it is done. */
  startRun(context: ChangeContext, request: StartRequest): Promise<PipelineRun>;
  /** @throws `pipelines.pipeline-run-not-found` */
  pipelineRun(project: string, id: string): Promise<PipelineRun>;
  /** Newest first. */
  pipelineRuns(filter: RunFilter): Promise<readonly PipelineRun[]>;
  steps(run: PipelineRun): Promise<readonly StepRun[]>;
  explain(run: PipelineRun): Promise<readonly StepExplanation[]>;
  readonly logs: StepLogs;
  cancel(context: ChangeContext, run: PipelineRun): Promise<void>;
  /** A new run that goes on where this one failed. */
  retry(context: ChangeContext, run: PipelineRun): Promise<PipelineRun>;
  readonly endpoints: readonly Endpoint[];
  /** After `jobs` can be started: ends leftovers, takes up unfinished runs, watches triggers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What the endpoints stand on. */
export type PipelineService = Omit<Pipelines, 'endpoints'>;

export function contextOf(caller: Caller, project: string): ChangeContext {
  return { actor: caller.actor, project };
}
