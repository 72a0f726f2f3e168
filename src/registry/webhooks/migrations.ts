import { sql } from 'kysely';
import { counter, type MigrationSet } from '#kernel/database/index.ts';

export const webhookMigration: MigrationSet['migrations'][number] = {
  name: '005-webhooks',
  async up(schema, dialect) {
    await schema.schema
      .createTable('webhooks')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text')
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('sealed_secret', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute();
    await schema.schema.createIndex('webhooks_of_project').on('webhooks').columns(['project', 'id']).execute();
    await schema.schema
      .createTable('webhook_deliveries')
      // The order in which they are sent.
      .addColumn('sequence', counter(dialect), (column) => column.primaryKey())
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('webhook', 'text', (column) => column.notNull())
      // Deliveries of one queue are sent one after the other.
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('entity', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'bigint', (column) => column.notNull())
      // The number of attempts at which it is given up.
      .addColumn('attempts_until', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('status', 'integer')
      .addColumn('problem', 'text')
      .execute();
    await sql`create index webhook_deliveries_pending on webhook_deliveries (queue, sequence) where state = 'pending'`.execute(schema);
    await schema.schema.createIndex('webhook_deliveries_of_webhook').on('webhook_deliveries').columns(['webhook', 'sequence']).execute();
    await sql`create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null`.execute(schema);
    await schema.schema
      .createTable('webhook_attempts')
      .addColumn('delivery', 'bigint', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('took', 'bigint', (column) => column.notNull())
      .addColumn('status', 'integer')
      .addColumn('response', 'text')
      .addColumn('problem', 'text')
      .addPrimaryKeyConstraint('webhook_attempts_pk', ['delivery', 'number'])
      .execute();
  },
};
