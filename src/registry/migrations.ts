import type { Kysely } from 'kysely';
import { counter, type DialectName, type MigrationSet, ordered } from '#kernel/database/index.ts';
import { directoryMigration } from './mlmodel/index.ts';
import { signatureMigration } from './signing/index.ts';
import { webhookMigration } from './webhooks/index.ts';
import { recycleBinMigration } from './recycle-bin-migrations.ts';

export const registryMigrations: MigrationSet = {
  module: 'registry',
  migrations: [
    {
      name: '001-models',
      async up(schema, dialect) {
        await createModels(schema, dialect);
        await createVersions(schema);
        await createParts(schema, dialect);
      },
    },
    recycleBinMigration,
    directoryMigration,
    signatureMigration,
    webhookMigration,
  ],
};

async function createModels(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('registered_models')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('last_version', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('registered_models_by_name', ['project', 'name'])
    .execute();
}

async function createVersions(schema: Kysely<unknown>): Promise<void> {
  await schema.schema
    .createTable('model_versions')
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
    .addPrimaryKeyConstraint('model_versions_pk', ['model', 'version'])
    // Registering the same model of the same run again finds the first version.
    .addUniqueConstraint('model_versions_by_run', ['model', 'run', 'digest'])
    .execute();
  await schema.schema.createIndex('model_versions_of_run').on('model_versions').columns(['run']).execute();
}

async function createParts(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const part = (table: string) =>
    schema.schema
      .createTable(table)
      .addColumn('model', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull());
  await part('model_version_files')
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_version_files_pk', ['model', 'version', 'name'])
    .execute();
  await part('model_version_snapshots')
    .addColumn('dataset', 'text', (column) => column.notNull())
    .addColumn('snapshot', 'bigint', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_version_snapshots_pk', ['model', 'version', 'dataset', 'snapshot'])
    .execute();
  await part('model_aliases')
    .addColumn('alias', ordered(dialect), (column) => column.notNull())
    .addPrimaryKeyConstraint('model_aliases_pk', ['model', 'alias'])
    .execute();
  // Version 0 holds the tags of the model itself.
  await part('model_tags')
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_tags_pk', ['model', 'version', 'name'])
    .execute();
}
