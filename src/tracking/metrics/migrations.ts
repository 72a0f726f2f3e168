import { type Kysely, sql } from 'kysely';
import { bytes, clustered, counter, type DialectName } from '#kernel/database/index.ts';
import { chunkOf, type NewChunk } from './metric-chunk.ts';

/** What a point measured besides its run: a logged model, a dataset. */
export const modelMetricsMigration = {
  name: '002-model-metrics',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await createSubjects(schema, dialect);
    await createModelMetrics(schema, dialect);
  },
};

/** Points as packed rows. */
export const metricChunksMigration = {
  name: '003-metric-chunks',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await widenLatest(schema, dialect);
    await schema.schema.alterTable('metric_points').renameTo('metric_points_old').execute();
    await createPoints(schema, dialect);
    await createChunks(schema, dialect);
    await packPoints(schema);
    await schema.schema.dropTable('metric_points_old').execute();
  },
};

async function createSubjects(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('metric_subjects')
    .addColumn('number', dialect === 'sqlite' ? sql`integer` : sql`serial`, (column) => column.primaryKey())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('dataset_name', 'text', (column) => column.notNull())
    .addColumn('dataset_digest', 'text', (column) => column.notNull())
    .addUniqueConstraint('metric_subjects_by_name', ['project', 'model', 'dataset_name', 'dataset_digest'])
    .execute();
}

async function createModelMetrics(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await clustered(schema.schema.createTable('model_metrics'), dialect)
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('dataset_name', 'text', (column) => column.notNull())
    .addColumn('dataset_digest', 'text', (column) => column.notNull())
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('step', 'double precision', (column) => column.notNull())
    .addColumn('time', 'double precision', (column) => column.notNull())
    .addColumn('value', 'double precision')
    .addPrimaryKeyConstraint('model_metrics_pk', ['model', 'metric', 'dataset_name', 'dataset_digest'])
    .execute();
  await schema.schema.createIndex('model_metrics_by_value').on('model_metrics').columns(['metric', 'value', 'model']).execute();
}

/** Steps and times reach 2^53, which drivers of whole numbers refuse and doubles hold. */
async function widenLatest(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema.alterTable('metric_latest').renameTo('metric_latest_old').execute();
  await clustered(schema.schema.createTable('metric_latest'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('step', 'double precision', (column) => column.notNull())
    .addColumn('time', 'double precision', (column) => column.notNull())
    .addColumn('value', 'double precision')
    .addColumn('subject', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('metric_latest_key', ['run', 'metric'])
    .execute();
  await sql`insert into metric_latest (run, metric, step, time, value, subject)
    select run, metric, step, time, value, 0 from metric_latest_old`.execute(schema);
  await schema.schema.dropTable('metric_latest_old').execute();
  await schema.schema.createIndex('metric_latest_by_value').on('metric_latest').columns(['metric', 'value', 'run']).execute();
}

async function createPoints(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await clustered(schema.schema.createTable('metric_points'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('subject', 'integer', (column) => column.notNull())
    .addColumn('number', dialect === 'sqlite' ? 'bigint' : sql`bigserial`, (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('points', bytes(dialect), (column) => column.notNull())
    .addPrimaryKeyConstraint('metric_points_key', ['run', 'metric', 'subject', 'number'])
    .execute();
}

/** Not clustered: SQLite keeps long rows of ordinary tables on fewer pages. */
async function createChunks(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  let table = schema.schema
    .createTable('metric_chunks')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('subject', 'integer', (column) => column.notNull());
  for (const column of ['first_step', 'last_step', 'first_time', 'last_time', 'min_time', 'max_time'] as const)
    table = table.addColumn(column, 'double precision', (definition) => definition.notNull());
  await table
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('missing', 'integer', (column) => column.notNull())
    .addColumn('min_value', 'double precision')
    .addColumn('max_value', 'double precision')
    .addColumn('sum_value', 'double precision')
    .addColumn('points', bytes(dialect), (column) => column.notNull())
    .execute();
  await schema.schema
    .createIndex('metric_chunks_by_step')
    .on('metric_chunks')
    .columns(['run', 'metric', 'first_step', 'first_time'])
    .execute();
  // They are compressed already.
  if (dialect === 'postgres') await sql`alter table metric_chunks alter column points set storage external`.execute(schema);
}

interface OldPoint {
  run: number;
  metric: number;
  step: number;
  time: number;
  value: number | null;
}

type ChunkRow = NewChunk & { run: number; metric: number; subject: number };

interface Tables {
  metric_points_old: OldPoint;
  metric_chunks: ChunkRow;
}

const pointsAtOnce = 4096;

async function packPoints(schema: Kysely<unknown>): Promise<void> {
  const tables = schema as Kysely<Tables>;
  for (let last: OldPoint | undefined; ;) {
    let select = tables.selectFrom('metric_points_old').selectAll();
    if (last !== undefined) {
      const { run, metric, step, time } = last;
      select = select.where(sql<boolean>`(run, metric, step, time) > (${run}, ${metric}, ${step}, ${time})`);
    }
    const rows = await select.orderBy('run').orderBy('metric').orderBy('step').orderBy('time').limit(pointsAtOnce).execute();
    last = rows.at(-1);
    if (last === undefined) return;
    const chunks = [...Map.groupBy(rows, ({ run, metric }) => `${run} ${metric}`).values()].map(chunkRow);
    for (let from = 0; from < chunks.length; from += 1000) {
      await tables
        .insertInto('metric_chunks')
        .values(chunks.slice(from, from + 1000))
        .execute();
    }
  }
}

function chunkRow(rows: readonly OldPoint[]): ChunkRow {
  const points = {
    steps: Float64Array.from(rows, ({ step }) => step),
    times: Float64Array.from(rows, ({ time }) => time),
    values: Float64Array.from(rows, ({ value }) => value ?? Number.NaN),
  };
  const { run = 0, metric = 0 } = rows[0] ?? {};
  return { run, metric, subject: 0, ...chunkOf(points) };
}
