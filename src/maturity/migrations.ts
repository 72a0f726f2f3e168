import type { MigrationSet } from '#kernel/database/index.ts';

export const maturityMigrations: MigrationSet = {
  module: 'maturity',
  migrations: [
    {
      name: '001-facts-and-assessments',
      async up({ schema }) {
        await schema
          .createTable('maturity_facts')
          .addColumn('project', 'text', (column) => column.primaryKey())
          .addColumn('format', 'integer', (column) => column.notNull())
          .addColumn('up_to', 'bigint', (column) => column.notNull())
          .addColumn('facts', 'text', (column) => column.notNull())
          .execute();
        await schema
          .createTable('assessments')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('up_to', 'bigint', (column) => column.notNull())
          .addColumn('computed_at', 'bigint', (column) => column.notNull())
          .addColumn('assessment', 'text', (column) => column.notNull())
          .execute();
        await schema.createIndex('assessments_by_project').on('assessments').columns(['project', 'up_to']).execute();
      },
    },
  ],
};
