import type { MigrationSet } from '#kernel/database/index.ts';

export const pipelineMigrations: MigrationSet = {
  module: 'pipelines',
  migrations: [
    {
      name: '001-pipelines',
      async up({ schema }) {
        await schema
          .createTable('pipelines')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('name', 'text', (column) => column.notNull())
          .addColumn('definition', 'text', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addColumn('code', 'text', (column) => column.notNull())
          .addColumn('defined_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('pipelines_pk', ['project', 'name'])
          .execute();
        await schema
          .createTable('pipeline_runs')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('pipeline', 'text', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('trigger_kind', 'text', (column) => column.notNull())
          .addColumn('trigger_event', 'bigint')
          .addColumn('trigger_name', 'text')
          .addColumn('depth', 'integer', (column) => column.notNull())
          .addColumn('definition', 'text', (column) => column.notNull())
          .addColumn('code', 'text', (column) => column.notNull())
          .addColumn('parameters', 'text', (column) => column.notNull())
          .addColumn('inputs', 'text', (column) => column.notNull())
          .addColumn('actor', 'text', (column) => column.notNull())
          .addColumn('run', 'text')
          .addColumn('registered', 'text')
          .addColumn('failure', 'text')
          .addColumn('fresh', 'integer', (column) => column.notNull())
          .addColumn('cancel_requested', 'integer', (column) => column.notNull())
          .addColumn('retry_of', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('started_at', 'bigint')
          .addColumn('finished_at', 'bigint')
          .execute();
        await schema.createIndex('pipeline_runs_by_project').on('pipeline_runs').columns(['project', 'pipeline', 'id']).execute();
        await schema.createIndex('pipeline_runs_by_state').on('pipeline_runs').columns(['state', 'id']).execute();
        // One event starts each of a pipeline's triggers once, however often it is delivered.
        await schema
          .createIndex('pipeline_runs_once_per_cause')
          .unique()
          .on('pipeline_runs')
          .columns(['project', 'trigger_name', 'trigger_event'])
          .execute();
        await schema
          .createTable('step_runs')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('pipeline_run', 'text', (column) => column.notNull())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('pipeline', 'text', (column) => column.notNull())
          .addColumn('step', 'text', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('attempts', 'integer', (column) => column.notNull())
          .addColumn('cache_key', 'text')
          .addColumn('key_parts', 'text')
          .addColumn('outputs', 'text', (column) => column.notNull())
          .addColumn('published', 'text', (column) => column.notNull())
          .addColumn('log', 'text')
          .addColumn('run_log', 'text')
          .addColumn('warnings', 'text', (column) => column.notNull())
          .addColumn('failure', 'text')
          .addColumn('cached_from', 'text')
          .addColumn('progress', 'text')
          .addColumn('cpu_ms', 'bigint')
          .addColumn('peak_memory_bytes', 'bigint')
          .addColumn('started_at', 'bigint')
          .addColumn('finished_at', 'bigint')
          .addUniqueConstraint('step_runs_once', ['pipeline_run', 'step'])
          .execute();
        await schema.createIndex('step_runs_by_key').on('step_runs').columns(['project', 'cache_key', 'state', 'id']).execute();
        await schema.createIndex('step_runs_by_step').on('step_runs').columns(['project', 'pipeline', 'step', 'id']).execute();
      },
    },
  ],
};
