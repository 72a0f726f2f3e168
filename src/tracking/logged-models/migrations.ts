import type { Kysely } from 'kysely';
import { clustered, counter, type DialectName, ordered } from '#kernel/database/index.ts';

/** Logged models with their parameters and tags. */
export const loggedModelsMigration = {
  name: '002-logged-models',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await schema.schema
      .createTable('logged_models')
      .addColumn('number', counter(dialect), (column) => column.primaryKey())
      .addColumn('id', ordered(dialect), (column) => column.notNull().unique())
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('experiment', 'bigint', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('state', ordered(dialect), (column) => column.notNull())
      .addColumn('model_type', ordered(dialect))
      .addColumn('source_run', ordered(dialect))
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('deleted_at', 'bigint')
      .execute();
    await schema.schema
      .createIndex('logged_models_by_experiment')
      .on('logged_models')
      .columns(['experiment', 'created_at desc', 'number'])
      .execute();
    await schema.schema
      .createIndex('logged_models_by_project')
      .on('logged_models')
      .columns(['project', 'created_at desc', 'number'])
      .execute();
    await schema.schema.createIndex('logged_models_by_run').on('logged_models').columns(['source_run']).execute();
    await schema.schema.createIndex('logged_models_by_state').on('logged_models').columns(['state', 'created_at']).execute();
    await createFacts(schema, dialect);
  },
};

async function createFacts(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  for (const table of ['logged_model_parameters', 'logged_model_tags']) {
    await clustered(schema.schema.createTable(table), dialect)
      .addColumn('model', 'bigint', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${table}_pk`, ['model', 'name'])
      .execute();
    await schema.schema.createIndex(`${table}_by_name`).on(table).columns(['name', 'model']).execute();
  }
}
