import type { MigrationSet } from '#kernel/database/index.ts';

export const deliveryMigrations: MigrationSet = {
  module: 'delivery',
  migrations: [
    {
      name: '001-releases',
      async up({ schema }) {
        await schema
          .createTable('releases')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('number', 'integer', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('model', 'text', (column) => column.notNull())
          .addColumn('version', 'integer', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addColumn('reason', 'text', (column) => column.notNull())
          .addColumn('deliberate', 'integer', (column) => column.notNull())
          .addColumn('cause', 'text', (column) => column.notNull())
          .addColumn('origin', 'text')
          .addColumn('author', 'text', (column) => column.notNull())
          .addColumn('plan', 'text', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('note', 'text')
          .addColumn('compared_with', 'integer')
          .addColumn('smoke', 'text')
          .addColumn('smoke_checks', 'text')
          .addColumn('staging_revision', 'text')
          .addColumn('production_revision', 'text')
          .addColumn('cancellation', 'text')
          .addColumn('attempts', 'integer', (column) => column.notNull())
          .addColumn('failure', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('state_at', 'bigint', (column) => column.notNull())
          .addColumn('finished_at', 'bigint')
          .addUniqueConstraint('releases_number', ['project', 'number'])
          .addUniqueConstraint('releases_origin', ['project', 'origin'])
          .execute();
        await schema.createIndex('releases_by_deployment').on('releases').columns(['project', 'deployment', 'number']).execute();
        await schema.createIndex('releases_by_state').on('releases').column('state').execute();
        await schema
          .createTable('release_gates')
          .addColumn('release', 'text', (column) => column.notNull().references('releases.id'))
          .addColumn('environment', 'text', (column) => column.notNull())
          .addColumn('evaluation', 'text', (column) => column.notNull())
          .addColumn('evaluated_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('release_gates_pk', ['release', 'environment'])
          .execute();
        await schema
          .createTable('release_approvals')
          .addColumn('release', 'text', (column) => column.notNull().references('releases.id'))
          .addColumn('approver', 'text', (column) => column.notNull())
          .addColumn('actor', 'text', (column) => column.notNull())
          .addColumn('comment', 'text')
          .addColumn('counts', 'integer', (column) => column.notNull())
          .addColumn('approved_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('release_approvals_pk', ['release', 'approver'])
          .execute();
        await schema
          .createTable('release_steps')
          .addColumn('release', 'text', (column) => column.notNull().references('releases.id'))
          .addColumn('position', 'integer', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('note', 'text')
          .addColumn('at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('release_steps_pk', ['release', 'position'])
          .execute();
      },
    },
  ],
};
