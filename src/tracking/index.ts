export { createTracking, type Tracking } from './tracking.ts';
export type { RunKey, TrackingCommands } from './commands.ts';
export type { ArtifactContent } from './artifacts.ts';
export { type ComparedRow, type RunComparison, rowsOf } from './compare-runs.ts';
export { trackingErrors } from './errors.ts';
export { trackingMigrations } from './migrations.ts';
export { blobResponse } from './blob-response.ts';
export { mediaTypeOf } from './media-type.ts';
export type {
  Artifact,
  Experiment,
  ExperimentSummary,
  LatestMetric,
  LogBatch,
  MetricEntry,
  MetricPoint,
  Run,
  RunId,
  RunInput,
  RunOutcome,
  RunState,
} from './model.ts';
export type { FinishRun, RunAddress, StartRun } from './runs.ts';
export type { RunSearch } from './search/search-runs.ts';
export type { Condition } from './search/filter.ts';
export type { Projects, TrackingDeps } from './service.ts';
export { metricNumber, wireNumber, type WireNumber } from './wire.ts';
export type { WireArtifact, WireCurve, WireExperiment, WireFolderEntry, WireMetricPoint, WireRun, WireRunComparison } from './wire.ts';
