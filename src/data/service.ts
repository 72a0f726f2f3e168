import { createCatalogue } from './catalogue.ts';
import { createContracts } from './contracts.ts';
import type { DataDeps } from './deps.ts';
import { createLineage } from './lineage.ts';
import { createPreview } from './preview.ts';
import { createPublish } from './publish.ts';
import { createQuarantine } from './quarantine.ts';
import { createSnapshots } from './snapshots.ts';
import { createWorkDirectory } from '#kernel/work-directory.ts';

/** Every command and question of the module. */
export function createDataService(deps: DataDeps) {
  const work = createWorkDirectory(deps.kernel.home, 'data-work');
  return {
    catalogue: createCatalogue(deps),
    publish: createPublish(deps, work),
    snapshots: createSnapshots(deps),
    quarantine: createQuarantine(deps),
    contracts: createContracts(deps),
    preview: createPreview(deps, work),
    lineage: createLineage(deps),
    work,
  };
}

export type DataService = ReturnType<typeof createDataService>;
