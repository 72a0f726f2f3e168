import type { MigrationSet } from '#kernel/database/index.ts';

export const identityMigrations: MigrationSet = {
  module: 'identity',
  migrations: [
    {
      name: '001-projects-members-tokens',
      async up({ schema }) {
        await schema
          .createTable('projects')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('title', 'text', (column) => column.notNull())
          .addColumn('description', 'text')
          .addColumn('template', 'text')
          .addColumn('template_version', 'text')
          .addColumn('path', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .execute();
        await schema
          .createTable('members')
          .addColumn('project', 'text', (column) => column.notNull().references('projects.name'))
          .addColumn('id', 'text', (column) => column.notNull())
          .addColumn('name', 'text', (column) => column.notNull())
          .addColumn('personas', 'text', (column) => column.notNull())
          .addColumn('added_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('members_pk', ['project', 'id'])
          .execute();
        await schema
          .createTable('tokens')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
          .addColumn('label', 'text', (column) => column.notNull())
          .addColumn('actor', 'text', (column) => column.notNull())
          .addColumn('scope', 'text', (column) => column.notNull())
          .addColumn('project', 'text')
          .addColumn('account', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('expires_at', 'bigint')
          .addColumn('last_used_at', 'bigint')
          .execute();
      },
    },
  ],
};
