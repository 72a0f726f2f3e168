import type { DataDeps } from './deps.ts';
import { dataEndpoints } from './endpoints.ts';
import { createDataService } from './service.ts';

/** Datasets: immutable, numbered snapshots of Parquet files, and what keeps bad files out of them. */
export function createData(deps: DataDeps) {
  const service = createDataService(deps);
  // What a killed server left half done.
  return { ...service, endpoints: dataEndpoints(service, deps), start: (): Promise<void> => service.work.clear() };
}

export type Data = ReturnType<typeof createData>;

export type { CatalogueChange, DatasetSummary } from './catalogue.ts';
export { parseContract } from './contract/parse-contract.ts';
export type { Contract, ContractResult, FailingRow, RuleKind, RuleResult } from './contract/model.ts';
export { dataErrors } from './errors.ts';
export type { Lineage } from './lineage.ts';
export { dataMigrations } from './migrations.ts';
export type { Dataset, LoadMode, Producer, QuarantinedLoad, Snapshot, SnapshotFile } from './model.ts';
export type { RowPage } from './preview.ts';
export type { Published, PublishRequest } from './load.ts';
export type { ColumnProfile, FileFormat, Profile } from './table/model.ts';
export type { Schema, SchemaChange } from './table/schema.ts';
export type * from './wire.ts';
