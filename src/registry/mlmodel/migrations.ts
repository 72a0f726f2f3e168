import type { MigrationSet } from '#kernel/database/index.ts';

export const directoryMigration: MigrationSet['migrations'][number] = {
  name: '003-model-directories',
  async up(schema) {
    await schema.schema
      .createTable('model_directories')
      .addColumn('model', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('directory', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('model_directories_pk', ['model', 'version'])
      .execute();
  },
};
