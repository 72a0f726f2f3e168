import type { MigrationSet } from '#kernel/database/index.ts';

export const dataMigrations: MigrationSet = {
  module: 'data',
  migrations: [
    {
      name: '001-datasets',
      async up({ schema }) {
        await schema
          .createTable('datasets')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('name', 'text', (column) => column.notNull())
          .addColumn('description', 'text')
          .addColumn('owner', 'text')
          .addColumn('classification', 'text')
          .addColumn('retention', 'text')
          .addColumn('created_at', 'bigint', (column) => column.notNull())
          .addColumn('updated_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('datasets_pk', ['project', 'name'])
          .execute();
        await schema
          .createTable('dataset_snapshots')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('dataset', 'text', (column) => column.notNull())
          .addColumn('number', 'integer', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addColumn('producer_kind', 'text', (column) => column.notNull())
          .addColumn('producer_id', 'text', (column) => column.notNull())
          .addColumn('source_digest', 'text', (column) => column.notNull())
          .addColumn('published_at', 'bigint', (column) => column.notNull())
          // Everything else of the snapshot, as JSON: it is written once and read whole.
          .addColumn('record', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('dataset_snapshots_pk', ['project', 'dataset', 'number'])
          .execute();
        await schema
          .createIndex('dataset_snapshots_by_producer')
          .unique()
          .on('dataset_snapshots')
          .columns(['project', 'dataset', 'producer_kind', 'producer_id', 'source_digest'])
          .execute();
        await schema
          .createTable('dataset_profiles')
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('dataset', 'text', (column) => column.notNull())
          .addColumn('number', 'integer', (column) => column.notNull())
          .addColumn('digest', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('dataset_profiles_pk', ['project', 'dataset', 'number'])
          .execute();
        await schema
          .createTable('quarantined_loads')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('project', 'text', (column) => column.notNull())
          .addColumn('dataset', 'text', (column) => column.notNull())
          .addColumn('quarantined_at', 'bigint', (column) => column.notNull())
          .addColumn('record', 'text', (column) => column.notNull())
          .execute();
        await schema.createIndex('quarantined_loads_by_dataset').on('quarantined_loads').columns(['project', 'dataset', 'id']).execute();
      },
    },
  ],
};
