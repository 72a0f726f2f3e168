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
export { dataMigrations } from './migrations.ts';
export type { PublishRequest } from './load.ts';
export type * from './wire.ts';
