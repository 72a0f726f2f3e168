import type { Kysely } from 'kysely';
import type { MigrationSet } from '#kernel/database/index.ts';

export const servingMigrations: MigrationSet = {
  module: 'serving',
  migrations: [
    {
      name: '001-deployments',
      async up(database) {
        await createDeployments(database);
        await createRollouts(database);
        await createReports(database);
      },
    },
  ],
};

async function createDeployments({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('deployments')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('spec', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deployments_pk', ['name', 'environment'])
    .execute();
  await schema
    .createTable('revisions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('deployment', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('model_version', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('model_digest', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('weight', 'double precision', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('release', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('state_at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addUniqueConstraint('revisions_by_number', ['deployment', 'environment', 'number'])
    .execute();
}

async function createRollouts({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('rollouts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('deployment', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('stable', 'text')
    .addColumn('strategy', 'text', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('step', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('salt', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('state_at', 'bigint', (column) => column.notNull())
    .addColumn('desired_version', 'bigint', (column) => column.notNull())
    .addColumn('baseline', 'text')
    .addColumn('extensions', 'integer', (column) => column.notNull())
    .addColumn('measurements', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('finished_at', 'bigint')
    .execute();
  await schema.createIndex('rollouts_by_deployment').on('rollouts').columns(['deployment', 'environment', 'started_at']).execute();
  await schema.createIndex('rollouts_by_end').on('rollouts').columns(['finished_at']).execute();
  await schema
    .createTable('rollbacks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('deployment', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('from_revision', 'text', (column) => column.notNull())
    .addColumn('to_revision', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('automatic', 'integer', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('desired_version', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
}

async function createReports({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('serving_accounts')
    .addColumn('account', 'text', (column) => column.primaryKey())
    .addColumn('desired_version', 'bigint', (column) => column.notNull())
    .addColumn('applied_version', 'bigint', (column) => column.notNull())
    .addColumn('gateway', 'text')
    .addColumn('reported_at', 'bigint')
    .addColumn('spool', 'text')
    .execute();
  await schema
    .createTable('replicas')
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('replica', 'integer', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('pid', 'bigint')
    .addColumn('started_at', 'bigint')
    .addColumn('restarts', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('replicas_pk', ['revision', 'replica'])
    .execute();
  await schema
    .createTable('revision_traffic')
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('answered_rows', 'bigint', (column) => column.notNull())
    .addColumn('errors', 'bigint', (column) => column.notNull())
    .addColumn('latency', 'text', (column) => column.notNull())
    .addColumn('scores', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('revision_traffic_pk', ['revision', 'since'])
    .execute();
  await schema
    .createTable('traffic_points')
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('answered_rows', 'bigint', (column) => column.notNull())
    .addColumn('errors', 'bigint', (column) => column.notNull())
    .addColumn('latency', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('traffic_points_pk', ['revision', 'time'])
    .execute();
}
