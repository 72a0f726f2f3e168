/// <reference lib="esnext.disposable" preserve="true" />
export type { Artifacts } from './artifacts.ts';
export type { BodyOf, Call, CallOptions, InputOf, OperationId, QueryOf, ResultOf } from './call.ts';
export { connect, type ConnectOptions, type Ripen } from './connect.ts';
export type { Content } from './content.ts';
export type { Datasets, SnapshotName } from './datasets.ts';
export type { ByteRange, Download, ReadOptions } from './download.ts';
export type { Experiments } from './experiments.ts';
export type { LogOptions, ParameterValue } from './log-entry.ts';
export type { Models, VersionName } from './models.ts';
export type { MetricValue, RunRecord } from './numbers.ts';
export type * from './operations.ts';
export type { Items } from './pages.ts';
export { RipenRequestError } from './request-error.ts';
export type { LoggingOptions, RunHandle, RunInput, RunOutcome } from './run-handle.ts';
export type { Runs, RunSearch, StartRun } from './runs.ts';
export type { EvaluationDatasets, Traces } from './traces.ts';
