import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { DialectName, MigrationSet } from '#kernel/database/index.ts';

/** Where versions come from, stages of old clients, prompts, and deletion that can be undone. */
export const recycleBinMigration: MigrationSet['migrations'][number] = {
  name: '002-sources-and-recycle-bin',
  async up(schema, dialect) {
    await dropUniqueRules(schema, dialect);
    await addColumns(schema);
    await addIndexes(schema);
  },
};

/**
 * The name of a deleted model is free again, and MLflow clients register the same model of the same run as often as they like. SQLite
 * can drop a rule only with its table.
 */
async function dropUniqueRules(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  if (dialect === 'postgres') {
    await schema.schema.alterTable('registered_models').dropConstraint('registered_models_by_name').execute();
    await schema.schema.alterTable('model_versions').dropConstraint('model_versions_by_run').execute();
    return;
  }
  await rebuild(schema, 'registered_models', (table) =>
    table
      .addColumn('number', 'integer', (column) => column.primaryKey())
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('last_version', 'bigint', (column) => column.notNull()),
  );
  await rebuild(schema, 'model_versions', (table) =>
    table
      .addColumn('model', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('pipeline_run', 'text')
      .addColumn('code_digest', 'text')
      .addColumn('environment_digest', 'text')
      .addColumn('git_commit', 'text')
      .addColumn('trainer', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('registered_at', 'bigint', (column) => column.notNull())
      .addColumn('signature', 'text')
      .addColumn('evaluation', 'text')
      .addColumn('card', 'text')
      .addColumn('card_filled', 'integer', (column) => column.notNull())
      .addColumn('card_required', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('model_versions_pk', ['model', 'version']),
  );
  await schema.schema.createIndex('model_versions_of_run').on('model_versions').columns(['run']).execute();
}

async function rebuild(
  schema: Kysely<unknown>,
  table: string,
  columns: (table: CreateTableBuilder<string>) => { execute(): Promise<void> },
): Promise<void> {
  const old = `${table}_001`;
  await schema.schema.alterTable(table).renameTo(old).execute();
  // Indexes follow the renamed table and would keep their names from the new one.
  if (table === 'model_versions') await schema.schema.dropIndex('model_versions_of_run').execute();
  await columns(schema.schema.createTable(table)).execute();
  await sql`insert into ${sql.table(table)} select * from ${sql.table(old)}`.execute(schema);
  await schema.schema.dropTable(old).execute();
}

async function addColumns(schema: Kysely<unknown>): Promise<void> {
  const models = () => schema.schema.alterTable('registered_models');
  await models()
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('model'))
    .execute();
  await models().addColumn('deleted_at', 'bigint').execute();
  const versions = () => schema.schema.alterTable('model_versions');
  await versions()
    .addColumn('updated_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update model_versions set updated_at = registered_at`.execute(schema);
  await versions()
    .addColumn('stage', 'text', (column) => column.notNull().defaultTo('None'))
    .execute();
  for (const column of ['source', 'location', 'link', 'logged_model'] as const) await versions().addColumn(column, 'text').execute();
  await versions().addColumn('deleted_at', 'bigint').execute();
}

async function addIndexes(schema: Kysely<unknown>): Promise<void> {
  await sql`create unique index registered_models_by_name on registered_models (project, name) where deleted_at is null`.execute(schema);
  await sql`create index registered_models_deleted on registered_models (project, deleted_at) where deleted_at is not null`.execute(schema);
  await sql`create index model_versions_deleted on model_versions (deleted_at) where deleted_at is not null`.execute(schema);
  await sql`create index model_versions_by_stage on model_versions (model, stage, version) where deleted_at is null`.execute(schema);
  await schema.schema.createIndex('model_versions_by_run').on('model_versions').columns(['model', 'run', 'digest']).execute();
  await schema.schema.createIndex('model_versions_by_source').on('model_versions').columns(['source']).execute();
  await schema.schema.createIndex('model_versions_by_logged_model').on('model_versions').columns(['logged_model']).execute();
  await schema.schema.createIndex('model_versions_by_change').on('model_versions').columns(['updated_at', 'model', 'version']).execute();
}
