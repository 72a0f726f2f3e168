export { createTracking, type Tracking } from './tracking.ts';
export { artifactAddress } from './artifacts/artifact-address.ts';
export { blobReply } from './artifacts/blob-reply.ts';
export { blobResponse } from './artifacts/blob-response.ts';
export { type ComparedRow, rowsOf } from './runs/compare-runs.ts';
export {
  field,
  type MlflowCall,
  mlflowDirectRoutes,
  mlflowPaths,
  MlflowError,
  mlflowAddresses,
  type MlflowRoute,
  mlflowRoute,
  rawReply,
} from './mlflow/protocol/index.ts';
export { mediaTypeOf } from './artifacts/media-type.ts';
export { mlflowMediaType } from './mlflow/media-type.ts';
export { trackingMigrations } from './migrations.ts';
export type { Run } from './model.ts';
export type { Projects } from './service.ts';
export { createRunTables } from './table/run-tables.ts';
export type { StartRun } from './runs/start-run.ts';
export { wireNumber } from './wire.ts';
export type * from './evaluation-datasets/wire.ts';
export type * from './import/wire.ts';
export type * from './logged-models/wire.ts';
export type * from './traces/wire.ts';
export type * from './wire.ts';
export * from './mlflow/search/index.ts';
export * from './search/index.ts';
