import type { MigrationSet } from '#kernel/database/index.ts';

export const runViewsMigration: MigrationSet['migrations'][number] = {
  name: '002-run-views',
  async up(schema) {
    await schema.schema
      .createTable('run_views')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('shared', 'integer', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('owner_name', 'text', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('run_views_by_name', ['project', 'owner', 'name'])
      .execute();
  },
};
