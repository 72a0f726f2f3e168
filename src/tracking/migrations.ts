import type { Kysely } from 'kysely';
import { clustered, counter, type DialectName, type MigrationSet, ordered } from '#kernel/database/index.ts';
import { runViewsMigration } from './views/migration.ts';
import { projectFilesMigration } from './artifacts/migrations.ts';
import { loggedModelsMigration } from './logged-models/migrations.ts';
import { metricChunksMigration, modelMetricsMigration } from './metrics/migrations.ts';
import { runFactsMigration } from './runs/migrations.ts';
import { evaluationDatasetsMigration } from './evaluation-datasets/migrations.ts';
import { importMarksMigration } from './import/migrations.ts';
import { tracesMigration } from './traces/migrations.ts';

export const trackingMigrations: MigrationSet = {
  module: 'tracking',
  migrations: [
    {
      name: '001-runs',
      async up(schema, dialect) {
        await createExperiments(schema, dialect);
        await createRuns(schema, dialect);
        await createFacts(schema, dialect);
        await createMetrics(schema, dialect);
      },
    },
    runViewsMigration,
    runFactsMigration,
    projectFilesMigration,
    loggedModelsMigration,
    modelMetricsMigration,
    metricChunksMigration,
    tracesMigration,
    evaluationDatasetsMigration,
    importMarksMigration,
  ],
};

async function createExperiments(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('experiments')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('deleted_at', 'bigint')
    .addUniqueConstraint('experiments_by_name', ['project', 'name'])
    .execute();
  await schema.schema
    .createTable('experiment_tags')
    .addColumn('experiment', 'bigint', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('experiment_tags_pk', ['experiment', 'name'])
    .execute();
}

async function createRuns(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('runs')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('experiment', 'bigint', (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('state', ordered(dialect), (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('deleted_at', 'bigint')
    .addColumn('started_by', 'text', (column) => column.notNull())
    .addColumn('started_by_name', ordered(dialect), (column) => column.notNull())
    .addColumn('pipeline_run', 'text')
    .addColumn('parent_run', 'text')
    .addColumn('git_commit', 'text')
    .addColumn('dirty', 'integer')
    .addColumn('code_digest', 'text')
    .addColumn('environment_digest', 'text')
    .addColumn('compute_target', 'text', (column) => column.notNull())
    .addColumn('cpu_ms', 'double precision')
    .addColumn('peak_memory_bytes', 'bigint')
    .addColumn('request_key', 'text')
    .addUniqueConstraint('runs_by_request', ['project', 'request_key'])
    .execute();
  await schema.schema.createIndex('runs_by_start').on('runs').columns(['project', 'started_at', 'number']).execute();
  await schema.schema.createIndex('runs_by_experiment').on('runs').columns(['experiment', 'started_at', 'number']).execute();
  await schema.schema.createIndex('runs_by_pipeline_run').on('runs').columns(['pipeline_run']).execute();
  await schema.schema.createIndex('runs_by_parent').on('runs').columns(['parent_run']).execute();
}

async function createFacts(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('run_inputs')
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('dataset', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('snapshot', 'bigint', (column) => column.notNull())
    .addColumn('context', 'text')
    .addColumn('details', 'text')
    .addPrimaryKeyConstraint('run_inputs_pk', ['run', 'dataset', 'digest'])
    .execute();
  await schema.schema.createIndex('run_inputs_by_dataset').on('run_inputs').columns(['dataset', 'snapshot', 'run']).execute();
  await schema.schema
    .createTable('run_names')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addUniqueConstraint('run_names_by_name', ['project', 'kind', 'name'])
    .execute();
  await clustered(schema.schema.createTable('run_parameters'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('parameter', 'integer', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('sort_key', ordered(dialect), (column) => column.notNull())
    .addColumn('number', 'double precision')
    .addPrimaryKeyConstraint('run_parameters_pk', ['run', 'parameter'])
    .execute();
  await schema.schema.createIndex('run_parameters_by_text').on('run_parameters').columns(['parameter', 'sort_key', 'run']).execute();
  await schema.schema.createIndex('run_parameters_by_number').on('run_parameters').columns(['parameter', 'number', 'run']).execute();
  await clustered(schema.schema.createTable('run_tags'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('tag', 'integer', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('sort_key', ordered(dialect), (column) => column.notNull())
    .addPrimaryKeyConstraint('run_tags_pk', ['run', 'tag'])
    .execute();
  await schema.schema.createIndex('run_tags_by_text').on('run_tags').columns(['tag', 'sort_key', 'run']).execute();
  await clustered(schema.schema.createTable('run_artifacts'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('stored_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_artifacts_pk', ['run', 'name'])
    .execute();
}

async function createMetrics(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  for (const [table, key] of [
    ['metric_points', ['run', 'metric', 'step', 'time']],
    ['metric_latest', ['run', 'metric']],
  ] as const) {
    await clustered(schema.schema.createTable(table), dialect)
      .addColumn('run', 'bigint', (column) => column.notNull())
      .addColumn('metric', 'integer', (column) => column.notNull())
      .addColumn('step', 'bigint', (column) => column.notNull())
      .addColumn('time', 'bigint', (column) => column.notNull())
      .addColumn('value', 'double precision')
      .addPrimaryKeyConstraint(`${table}_pk`, [...key])
      .execute();
  }
  await schema.schema.createIndex('metric_latest_by_value').on('metric_latest').columns(['metric', 'value', 'run']).execute();
}
