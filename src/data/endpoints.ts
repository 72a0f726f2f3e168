import type { Endpoint } from '#kernel/http/index.ts';
import { datasetEndpoints } from './dataset-endpoints.ts';
import type { DataDeps } from './deps.ts';
import { loadEndpoints } from './load-endpoints.ts';
import type { DataService } from './service.ts';
import { snapshotEndpoints } from './snapshot-endpoints.ts';

export function dataEndpoints(service: DataService, deps: DataDeps): readonly Endpoint[] {
  return [...datasetEndpoints(service), ...snapshotEndpoints(service, deps), ...loadEndpoints(service, deps)];
}
