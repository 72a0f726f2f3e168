import type { Queryable } from '#kernel/database/index.ts';
import type { CatalogueEntry, Dataset } from './model.ts';

interface DatasetRow {
  project: string;
  name: string;
  description: string | null;
  owner: string | null;
  classification: string | null;
  retention: string | null;
  created_at: number;
  updated_at: number;
}

interface Tables {
  datasets: DatasetRow;
}

export async function findDataset(from: Queryable, project: string, name: string): Promise<Dataset | undefined> {
  const found = from.query<Tables>().selectFrom('datasets').selectAll().where('project', '=', project).where('name', '=', name);
  const row = await found.executeTakeFirst();
  return row && toDataset(row);
}

export async function listDatasets(from: Queryable, project: string): Promise<Dataset[]> {
  const rows = await from.query<Tables>().selectFrom('datasets').selectAll().where('project', '=', project).orderBy('name').execute();
  return rows.map(toDataset);
}

export async function insertDataset(tx: Queryable, dataset: Dataset): Promise<void> {
  const { project, name, createdAt, updatedAt } = dataset;
  const row = { project, name, ...catalogueColumns(dataset), created_at: createdAt, updated_at: updatedAt };
  await tx.query<Tables>().insertInto('datasets').values(row).execute();
}

export async function updateCatalogue(tx: Queryable, dataset: Dataset): Promise<void> {
  await tx
    .query<Tables>()
    .updateTable('datasets')
    .set({ ...catalogueColumns(dataset), updated_at: dataset.updatedAt })
    .where('project', '=', dataset.project)
    .where('name', '=', dataset.name)
    .execute();
}

function catalogueColumns(entry: CatalogueEntry): Pick<DatasetRow, 'description' | 'owner' | 'classification' | 'retention'> {
  const { description, owner, classification, retention } = entry;
  return { description: description ?? null, owner: owner ?? null, classification: classification ?? null, retention: retention ?? null };
}

function toDataset({
  created_at: createdAt,
  updated_at: updatedAt,
  description,
  owner,
  classification,
  retention,
  ...row
}: DatasetRow): Dataset {
  return {
    ...row,
    description: description ?? undefined,
    owner: owner ?? undefined,
    classification: classification ?? undefined,
    retention: retention ?? undefined,
    createdAt,
    updatedAt,
  };
}
