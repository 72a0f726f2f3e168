import type { Kysely } from 'kysely';
import { counter, type DialectName, ordered } from '#kernel/database/index.ts';

export const evaluationDatasetsMigration = {
  name: '003-evaluation-datasets',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await schema.schema
      .createTable('evaluation_datasets')
      .addColumn('number', counter(dialect), (column) => column.primaryKey())
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('record_schema', 'text')
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('records', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', ordered(dialect))
      .addColumn('updated_by', ordered(dialect))
      .execute();
    await schema.schema
      .createIndex('evaluation_datasets_by_time')
      .on('evaluation_datasets')
      .columns(['project', 'created_at', 'number'])
      .execute();
    await schema.schema
      .createTable('evaluation_dataset_tags')
      .addColumn('dataset', 'bigint', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('evaluation_dataset_tags_pk', ['dataset', 'name'])
      .execute();
    await schema.schema
      .createTable('evaluation_dataset_experiments')
      .addColumn('dataset', 'bigint', (column) => column.notNull())
      .addColumn('experiment', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('evaluation_dataset_experiments_pk', ['dataset', 'experiment'])
      .execute();
    await schema.schema
      .createIndex('evaluation_dataset_experiments_by_experiment')
      .on('evaluation_dataset_experiments')
      .columns(['experiment', 'dataset'])
      .execute();
    await createRecords(schema, dialect);
  },
};

async function createRecords(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('evaluation_records')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('dataset', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('input_digest', 'text', (column) => column.notNull())
    .addColumn('inputs', 'text', (column) => column.notNull())
    .addColumn('outputs', 'text')
    .addColumn('expectations', 'text')
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text')
    .addColumn('updated_by', 'text')
    .addUniqueConstraint('evaluation_records_by_inputs', ['dataset', 'input_digest'])
    .execute();
  await schema.schema.createIndex('evaluation_records_in_order').on('evaluation_records').columns(['dataset', 'number']).execute();
}
