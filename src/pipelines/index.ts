export { describeCode } from './code/describe-code.ts';
export { pipelineMigrations } from './migrations.ts';
export { createPipelines } from './pipelines.ts';
export type { Pipelines } from './service.ts';
export { followFile } from './steps/follow-file.ts';
export { parseRunLogLine, type RunLogLine } from './steps/run-log.ts';
export type * from './wire.ts';
