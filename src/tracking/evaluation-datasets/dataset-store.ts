import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { Filter, OrderTerm } from '../search/filter-tree.ts';
import { compileFilter, compileOrder, type Place, type SearchableFields } from '../search/index.ts';
import type { EvaluationDataset, EvaluationDatasetId, RecordSchema } from './model.ts';
import type { DatasetRow, EvaluationTables } from './tables.ts';

const fields: SearchableFields = {
  row: 'evaluation_datasets.number',
  attributePrefixes: ['attributes', 'attribute', 'attr', 'dataset'],
  attributes: {
    name: { type: 'text', column: 'evaluation_datasets.name' },
    created_by: { type: 'text', column: 'evaluation_datasets.created_by', nullable: true },
    'last_updated_by updated_by': { type: 'text', column: 'evaluation_datasets.updated_by', nullable: true },
    'created_time creation_time': { type: 'whole', column: 'evaluation_datasets.created_at' },
    'last_update_time last_updated_time': { type: 'whole', column: 'evaluation_datasets.updated_at' },
    'dataset_id id': { type: 'text', column: 'evaluation_datasets.id' },
  },
  facts: {
    'tags tag': {
      type: 'text',
      table: 'evaluation_dataset_tags',
      on: { dataset: 'evaluation_datasets.number' },
      name: 'name',
      value: 'value',
    },
  },
};

export async function insertDataset(tx: Queryable, row: Omit<DatasetRow, 'number'>): Promise<number> {
  // `number` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ evaluation_datasets: Omit<DatasetRow, 'number'> & { number?: number } }>();
  const { number } = await query.insertInto('evaluation_datasets').values(row).returning('number').executeTakeFirstOrThrow();
  return number ?? 0;
}

export async function findDataset(from: Queryable, project: string, id: string): Promise<DatasetRow | undefined> {
  return from
    .query<EvaluationTables>()
    .selectFrom('evaluation_datasets')
    .selectAll()
    .where('project', '=', project)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function updateDataset(tx: Queryable, number: number, change: Partial<DatasetRow>): Promise<void> {
  await tx.query<EvaluationTables>().updateTable('evaluation_datasets').set(change).where('number', '=', number).execute();
}

export async function deleteDataset(tx: Queryable, number: number): Promise<void> {
  const query = tx.query<EvaluationTables>();
  for (const table of ['evaluation_records', 'evaluation_dataset_tags', 'evaluation_dataset_experiments'] as const)
    await query.deleteFrom(table).where('dataset', '=', number).execute();
  await query.deleteFrom('evaluation_datasets').where('number', '=', number).execute();
}

/** Sets tags; those that are undefined go away. */
export async function setDatasetTags(tx: Queryable, dataset: number, tags: Readonly<Record<string, string | undefined>>): Promise<void> {
  const query = tx.query<EvaluationTables>();
  for (const [name, value] of Object.entries(tags)) {
    if (value === undefined)
      await query.deleteFrom('evaluation_dataset_tags').where('dataset', '=', dataset).where('name', '=', name).execute();
    else
      await query
        .insertInto('evaluation_dataset_tags')
        .values({ dataset, name, value })
        .onConflict((conflict) => conflict.columns(['dataset', 'name']).doUpdateSet({ value }))
        .execute();
  }
}

export async function linkExperiments(tx: Queryable, dataset: number, experiments: readonly number[]): Promise<void> {
  if (experiments.length === 0) return;
  await tx
    .query<EvaluationTables>()
    .insertInto('evaluation_dataset_experiments')
    .values(experiments.map((experiment) => ({ dataset, experiment })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function unlinkExperiments(tx: Queryable, dataset: number, experiments: readonly number[]): Promise<void> {
  if (experiments.length === 0) return;
  await tx
    .query<EvaluationTables>()
    .deleteFrom('evaluation_dataset_experiments')
    .where('dataset', '=', dataset)
    .where('experiment', 'in', experiments)
    .execute();
}

export interface DatasetCriteria {
  readonly project: string;
  /** Numbers of experiments; datasets of any of them. */
  readonly experiments?: readonly number[] | undefined;
  readonly filter?: Filter | undefined;
  readonly order: readonly OrderTerm[];
  readonly after?: Place | undefined;
  readonly limit: number;
}

const newestFirst: OrderTerm = { entity: undefined, key: 'created_time', ascending: false };

export async function searchDatasets(from: Queryable, criteria: DatasetCriteria): Promise<{ row: DatasetRow; place: Place }[]> {
  const { project, experiments, filter, after, limit } = criteria;
  const order = compileOrder([...criteria.order, newestFirst], fields, from.dialect);
  const tests = [sql`evaluation_datasets.project = ${project}`, compileFilter(filter, fields, from.dialect), order.after(after)];
  if (experiments !== undefined)
    tests.push(
      experiments.length === 0
        ? sql`1 = 0`
        : sql`exists (select 1 from evaluation_dataset_experiments as e where e.dataset = evaluation_datasets.number
            and e.experiment in (${sql.join(experiments)}))`,
    );
  const { rows } = await sql<DatasetRow>`select evaluation_datasets.*, ${order.columns} from evaluation_datasets
    where ${sql.join(tests, sql` and `)} order by ${order.by} limit ${limit}`.execute(from.query());
  return rows.map((row) => ({ row, place: order.placeOf(row) }));
}

/** Whole datasets in the order of the rows. */
export async function assembleDatasets(from: Queryable, rows: readonly DatasetRow[]): Promise<EvaluationDataset[]> {
  if (rows.length === 0) return [];
  const numbers = rows.map((row) => row.number);
  const query = from.query<EvaluationTables>();
  const tags = await query.selectFrom('evaluation_dataset_tags').selectAll().where('dataset', 'in', numbers).orderBy('name').execute();
  const links = await query
    .selectFrom('evaluation_dataset_experiments')
    .innerJoin('experiments', 'experiments.number', 'evaluation_dataset_experiments.experiment')
    .select(['dataset', 'sequence'])
    .where('dataset', 'in', numbers)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => ({
    id: row.id as EvaluationDatasetId,
    project: row.project,
    name: row.name,
    tags: Object.fromEntries(tags.filter(({ dataset }) => dataset === row.number).map(({ name, value }) => [name, value])),
    // Only the commands write this column.
    schema: row.record_schema === null ? undefined : (JSON.parse(row.record_schema) as RecordSchema),
    digest: row.digest,
    records: row.records,
    experiments: links.filter(({ dataset }) => dataset === row.number).map(({ sequence }) => sequence),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by ?? undefined,
    updatedBy: row.updated_by ?? undefined,
  }));
}
