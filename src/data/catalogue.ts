import type { Change, ChangeContext } from '#kernel/events/index.ts';
import type { DataDeps } from './deps.ts';
import { dataErrors } from './errors.ts';
import { type CatalogueEntry, checkDatasetName, type Dataset, type Snapshot } from './model.ts';
import { findDataset, insertDataset, listDatasets, updateCatalogue } from './dataset-store.ts';
import { countQuarantine } from './quarantine-store.ts';
import { findSnapshot, newestSnapshots } from './snapshot-store.ts';

export interface DatasetSummary {
  readonly dataset: Dataset;
  readonly newest: Snapshot | undefined;
  /** Refused loads, ever. */
  readonly quarantined: number;
}

export type CatalogueChange = { readonly [Field in keyof CatalogueEntry]?: CatalogueEntry[Field] };

export function createCatalogue({ kernel: { clock, events }, projects }: DataDeps) {
  const get = async (project: string, name: string): Promise<Dataset> => {
    const found = await findDataset(events.database, project, name);
    if (found === undefined) throw dataErrors['dataset-not-found']({ project, dataset: name });
    return found;
  };

  return {
    /** Throws `data.dataset-not-found`. */
    get,

    /** One dataset as it is in the list. Throws `data.dataset-not-found`. */
    async summary(project: string, name: string): Promise<DatasetSummary> {
      const dataset = await get(project, name);
      const newest = await findSnapshot(events.database, project, name);
      return { dataset, newest, quarantined: (await countQuarantine(events.database, project)).get(name) ?? 0 };
    },

    async list(project: string): Promise<DatasetSummary[]> {
      await projects.project(project);
      const newest = new Map((await newestSnapshots(events.database, project)).map((snapshot) => [snapshot.dataset, snapshot]));
      const quarantined = await countQuarantine(events.database, project);
      return (await listDatasets(events.database, project)).map((dataset) => ({
        dataset,
        newest: newest.get(dataset.name),
        quarantined: quarantined.get(dataset.name) ?? 0,
      }));
    },

    /** Throws `data.dataset-exists` and `data.dataset-name-invalid`. */
    async create(context: ChangeContext, project: string, entry: CatalogueChange & { readonly name: string }): Promise<Dataset> {
      checkDatasetName(entry.name);
      await projects.project(project);
      return events.change({ ...context, project }, async (change) => {
        if ((await findDataset(change, project, entry.name)) !== undefined)
          throw dataErrors['dataset-exists']({ project, dataset: entry.name });
        return ensureDataset(change, { project, name: entry.name, now: clock.now() }, entry);
      });
    },

    /** Changes the fields that are given; a text of no characters empties a field. */
    async update(context: ChangeContext, { project, name }: { project: string; name: string }, changes: CatalogueChange): Promise<Dataset> {
      await get(project, name);
      return events.change({ ...context, project }, async (change) => {
        const before = await findDataset(change, project, name);
        if (before === undefined) throw dataErrors['dataset-not-found']({ project, dataset: name });
        const dataset: Dataset = { ...before, ...filled({ ...before, ...given(changes) }), updatedAt: clock.now() };
        await updateCatalogue(change, dataset);
        change.emit({ type: 'dataset.updated', source: 'data', subject: `projects/${project}/datasets/${name}`, data: eventData(dataset) });
        return dataset;
      });
    },
  };
}

/** The dataset, made now when it is not there. */
export async function ensureDataset(
  change: Change,
  { project, name, now }: { project: string; name: string; now: number },
  entry: CatalogueChange = {},
): Promise<Dataset> {
  const found = await findDataset(change, project, name);
  if (found !== undefined) return found;
  const dataset: Dataset = { project, name, ...filled(entry), createdAt: now, updatedAt: now };
  await insertDataset(change, dataset);
  change.emit({ type: 'dataset.created', source: 'data', subject: `projects/${project}/datasets/${name}`, data: eventData(dataset) });
  return dataset;
}

function given(changes: CatalogueChange): CatalogueChange {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function filled({ description, owner, classification, retention }: CatalogueChange): CatalogueEntry {
  const text = (value: string | undefined): string | undefined => (value === undefined || value.trim() === '' ? undefined : value);
  return { description: text(description), owner: text(owner), classification: text(classification), retention: text(retention) };
}

function eventData({ name, description, owner, classification, retention }: Dataset) {
  return { dataset: name, description, owner, classification, retention };
}
