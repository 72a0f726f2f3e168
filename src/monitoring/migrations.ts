import type { MigrationSet } from '#kernel/database/index.ts';

export const monitoringMigrations: MigrationSet = {
  module: 'monitoring',
  migrations: [
    {
      name: '001-predictions-and-labels',
      async up({ schema }) {
        await schema
          .createTable('prediction_segments')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('environment', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('segment', 'text', (column) => column.notNull())
          .addColumn('predictions', 'bigint', (column) => column.notNull())
          .addColumn('corrupt', 'bigint', (column) => column.notNull())
          .addColumn('misdated', 'bigint', (column) => column.notNull())
          .addColumn('problem', 'text')
          .addColumn('received_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('prediction_segments_pk', ['project', 'environment', 'deployment', 'segment'])
          .execute();
        await schema
          .createTable('prediction_files')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('environment', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addColumn('rows', 'bigint', (column) => column.notNull())
          .addColumn('first', 'bigint', (column) => column.notNull())
          .addColumn('last', 'bigint', (column) => column.notNull())
          .addColumn('columns', 'text', (column) => column.notNull())
          .addColumn('damaged', 'integer', (column) => column.notNull())
          .execute();
        await schema
          .createIndex('prediction_files_by_time')
          .on('prediction_files')
          .columns(['project', 'deployment', 'environment', 'last', 'first'])
          .execute();
        await schema
          .createTable('label_files')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('sequence', 'bigint', (column) => column.notNull())
          .addColumn('content', 'text', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addColumn('labels', 'bigint', (column) => column.notNull())
          .addColumn('joined', 'bigint', (column) => column.notNull())
          .addColumn('first', 'bigint')
          .addColumn('last', 'bigint')
          .addColumn('received_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('label_files_pk', ['project', 'deployment', 'sequence'])
          .execute();
      },
    },
    {
      name: '002-monitors-and-windows',
      async up({ schema }) {
        await schema
          .createTable('monitors')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('model', 'text', (column) => column.notNull())
          .addColumn('version', 'text', (column) => column.notNull())
          .addColumn('declaration', 'text', (column) => column.notNull())
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('updated_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('monitors_pk', ['project', 'deployment'])
          .execute();
        await schema
          .createTable('monitor_windows')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('start', 'bigint', (column) => column.notNull())
          .addColumn('end', 'bigint', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('changes', 'bigint', (column) => column.notNull())
          .addColumn('evaluated', 'bigint', (column) => column.notNull())
          .addColumn('received_at', 'bigint', (column) => column.notNull())
          .addColumn('evaluated_at', 'bigint')
          .addColumn('predictions', 'bigint', (column) => column.notNull())
          .addColumn('labelled', 'bigint', (column) => column.notNull())
          .addColumn('version', 'text')
          .addColumn('metrics', 'text', (column) => column.notNull())
          .addColumn('reference', 'text', (column) => column.notNull())
          .addColumn('announced', 'text')
          .addColumn('drift', 'text', (column) => column.notNull())
          .addColumn('detail', 'text')
          .addPrimaryKeyConstraint('monitor_windows_pk', ['project', 'deployment', 'start'])
          .execute();
      },
    },
    {
      name: '003-alerts',
      async up({ schema }) {
        await schema
          .createTable('alert_rules')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('name', 'text', (column) => column.notNull())
          .addColumn('definition', 'text', (column) => column.notNull())
          .addColumn('from_time', 'bigint')
          .addPrimaryKeyConstraint('alert_rules_pk', ['project', 'deployment', 'name'])
          .execute();
        await schema
          .createTable('alerts')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('deployment', 'text', (column) => column.notNull())
          .addColumn('rule', 'text', (column) => column.notNull())
          .addColumn('state', 'text', (column) => column.notNull())
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('record', 'text', (column) => column.notNull())
          .execute();
        await schema.createIndex('alerts_by_deployment').on('alerts').columns(['project', 'deployment', 'rule']).execute();
        await schema
          .createTable('alert_silences')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('rule', 'text', (column) => column.notNull())
          .addColumn('from', 'bigint', (column) => column.notNull())
          .addColumn('until', 'bigint', (column) => column.notNull())
          .addColumn('record', 'text', (column) => column.notNull())
          .execute();
      },
    },
  ],
};
