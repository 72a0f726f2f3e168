import type { MigrationSet } from '#kernel/database/index.ts';

export const signatureMigration: MigrationSet['migrations'][number] = {
  name: '004-model-signatures',
  async up(schema) {
    await schema.schema
      .createTable('model_signing_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('public_pem', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retired_at', 'bigint')
      .execute();
    await schema.schema
      .createTable('model_signatures')
      .addColumn('model', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('signing_key', 'text', (column) => column.notNull())
      .addColumn('signed_at', 'bigint', (column) => column.notNull())
      .addColumn('bundle', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('model_signatures_pk', ['model', 'version'])
      .execute();
  },
};
