import type { MigrationSet } from '../database/index.ts';

export const jobMigrations: MigrationSet = {
  module: 'jobs',
  migrations: [
    {
      name: '001-jobs',
      async up({ schema }) {
        await schema
          .createTable('jobs')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('kind', 'text', (column) => column.notNull())
          .addColumn('key', 'text')
          .addColumn('payload', 'text', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('attempts', 'integer', (column) => column.notNull())
          .addColumn('priority', 'integer', (column) => column.notNull())
          .addColumn('run_at', 'bigint', (column) => column.notNull())
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('lease_until', 'bigint')
          .addColumn('worker', 'text')
          .addColumn('last_error', 'text')
          .execute();
        await schema.createIndex('jobs_due').on('jobs').columns(['state', 'kind', 'run_at']).execute();
        await schema
          .createIndex('jobs_pending_once')
          .unique()
          .on('jobs')
          .columns(['kind', 'key'])
          .where('state' as never, '=', 'queued')
          .execute();
        await schema
          .createTable('job_schedules')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('kind', 'text', (column) => column.notNull())
          .addColumn('cron', 'text', (column) => column.notNull())
          .addColumn('zone', 'text', (column) => column.notNull())
          .addColumn('payload', 'text', (column) => column.notNull())
          .addColumn('next_at', 'bigint', (column) => column.notNull())
          .addColumn('last_at', 'bigint')
          .execute();
      },
    },
  ],
};
