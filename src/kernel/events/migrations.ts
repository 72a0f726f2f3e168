import { sql } from 'kysely';
import type { MigrationSet } from '../database/index.ts';

export const eventMigrations: MigrationSet = {
  module: 'events',
  migrations: [
    {
      name: '001-event-log',
      async up({ schema }, dialect) {
        // Prefixes are found as ranges, which needs the order of bytes whatever the server's locale.
        const orderedText = dialect === 'postgres' ? sql`text collate "C"` : 'text';
        await schema
          .createTable('events')
          .addColumn('number', 'bigint', (column) => column.primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('type', orderedText, (column) => column.notNull())
          .addColumn('source', 'text', (column) => column.notNull())
          .addColumn('subject', orderedText, (column) => column.notNull())
          .addColumn('time', 'bigint', (column) => column.notNull())
          .addColumn('actor', 'text', (column) => column.notNull())
          .addColumn('project', 'text')
          .addColumn('data', 'text', (column) => column.notNull())
          .addColumn('leaf_hash', 'text', (column) => column.notNull())
          .execute();
        await schema.createIndex('events_by_project').on('events').columns(['project', 'number']).execute();
        await schema.createIndex('events_by_type').on('events').columns(['type', 'number']).execute();
        await schema.createIndex('events_by_subject').on('events').columns(['subject', 'number']).execute();
        await schema
          .createTable('event_tree')
          .addColumn('level', 'integer', (column) => column.notNull())
          .addColumn('position', 'bigint', (column) => column.notNull())
          .addColumn('hash', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('event_tree_pk', ['level', 'position'])
          .execute();
        await schema
          .createTable('event_head')
          .addColumn('id', 'integer', (column) => column.primaryKey())
          .addColumn('size', 'bigint', (column) => column.notNull())
          .addColumn('peaks', 'text', (column) => column.notNull())
          .execute();
        await schema
          .createTable('event_cursors')
          .addColumn('subscription', 'text', (column) => column.primaryKey())
          .addColumn('number', 'bigint', (column) => column.notNull())
          .execute();
      },
    },
  ],
};
