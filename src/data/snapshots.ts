import type { DataDeps } from './deps.ts';
import { dataErrors } from './errors.ts';
import { materializeFiles } from './materialize.ts';
import { parseReference, type Snapshot } from './model.ts';
import { findDataset } from './dataset-store.ts';
import { findSnapshot, listSnapshots, type Page } from './snapshot-store.ts';

/** Reading what has been published. */
export function createSnapshots({ kernel: { events, objects } }: DataDeps) {
  const get = async (project: string, dataset: string, number?: number): Promise<Snapshot> => {
    const found = await findSnapshot(events.database, project, dataset, number);
    if (found !== undefined) return found;
    if ((await findDataset(events.database, project, dataset)) === undefined) throw dataErrors['dataset-not-found']({ project, dataset });
    throw dataErrors['snapshot-not-found']({ dataset, snapshot: number });
  };

  return {
    /** The snapshot of that number, or the newest without one. Throws `data.dataset-not-found` and `data.snapshot-not-found`. */
    get,

    /** Newest first. */
    list: (project: string, dataset: string, page: Page): Promise<Snapshot[]> => listSnapshots(events.database, { project, dataset }, page),

    /** The snapshot that `dataset:flights` (the newest) or `dataset:flights@4` names. */
    async resolve(project: string, reference: string): Promise<Snapshot> {
      const { dataset, snapshot } = parseReference(reference);
      return get(project, dataset, snapshot);
    },

    /**
     * Fills `directory` with the snapshot's files, `part-00001.parquet` and so on, in the order of the rows; all rows are all files. They may be
     * links to the store and must not be written to. Gives their paths.
     */
    async materialize({
      project,
      dataset,
      snapshot,
      directory,
    }: {
      project: string;
      dataset: string;
      snapshot: number;
      directory: string;
    }) {
      return materializeFiles(objects, (await get(project, dataset, snapshot)).files, directory);
    },
  };
}
