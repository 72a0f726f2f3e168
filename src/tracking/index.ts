export { createTracking, type Tracking } from './tracking.ts';
export { blobResponse } from './blob-response.ts';
export { type ComparedRow, rowsOf } from './compare-runs.ts';
export {
  cleanReply,
  field,
  metricNumber,
  type MlflowAccess,
  type MlflowCall,
  mlflowDirectRoutes,
  MlflowError,
  mlflowPrefixes,
  type MlflowRoute,
  mlflowRoute,
  rawReply,
} from './mlflow/protocol/index.ts';
export { mediaTypeOf } from './media-type.ts';
export { trackingMigrations } from './migrations.ts';
export type { Run } from './model.ts';
export type { Projects } from './service.ts';
export type { StartRun } from './start-run.ts';
export { wireNumber } from './wire.ts';
export type * from './wire.ts';
export * from './mlflow/search/index.ts';
