export type { Data, LogBatch, Producer, Projects, Registry, SnapshotFacts, Tracking } from './collaborators.ts';
export { type CodeDescription, describeCode } from './code/describe-code.ts';
export { definitionFile, readDefinition } from './definition/read-definition.ts';
export { pipelineErrors } from './errors.ts';
export type { Executor, RunningStep, StepExit, StepLaunch } from './executors/executor.ts';
export type { StepExplanation } from './explain.ts';
export { pipelineMigrations } from './migrations.ts';
export type {
  PipelineDefinition,
  PipelineRun,
  PipelineRunId,
  PipelinesFile,
  RunState,
  RunTrigger,
  StepDefinition,
  StepFailure,
  StepRun,
  StepState,
  TriggerKind,
} from './model.ts';
export type { DefinedPipeline } from './pipeline-store.ts';
export { createPipelines, type PipelinesDeps } from './pipelines.ts';
export type { Pipelines } from './service.ts';
export type { StartRequest } from './new-run.ts';
export { followFile } from './steps/follow-file.ts';
export { parseRunLogLine, type RunLogLine } from './steps/run-log.ts';
export type * from './wire.ts';
