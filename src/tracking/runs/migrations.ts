import { type Kysely, sql } from 'kysely';
import { clustered, counter, type DialectName } from '#kernel/database/index.ts';
import { detailsDigest } from './input-store.ts';

/** Numbers experiments in their project, and says which runs were deleted with theirs; keeps the details of each dataset once. */
export const runFactsMigration = {
  name: '002-experiment-sequence',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await numberExperiments(schema);
    await markDeletedWithExperiment(schema);
    await createInputDetails(schema, dialect);
    await createRunModels(schema, dialect);
  },
};

async function numberExperiments(schema: Kysely<unknown>): Promise<void> {
  await schema.schema.alterTable('experiments').addColumn('sequence', 'bigint').execute();
  await schema.schema.alterTable('experiments').addColumn('artifact_location', 'text').execute();
  await schema.schema.alterTable('experiments').addColumn('updated_at', 'bigint').execute();
  await sql`update experiments set updated_at = created_at`.execute(schema);
  await sql`update experiments set sequence = 0 where name = 'Default'`.execute(schema);
  await sql`update experiments set sequence = (select count(*) from experiments as earlier
    where earlier.project = experiments.project and earlier.number <= experiments.number and earlier.name <> 'Default')
    where name <> 'Default'`.execute(schema);
  await schema.schema.createIndex('experiments_by_sequence').on('experiments').columns(['project', 'sequence']).unique().execute();
}

async function markDeletedWithExperiment(schema: Kysely<unknown>): Promise<void> {
  await schema.schema.alterTable('runs').addColumn('deleted_with_experiment', 'integer').execute();
  await sql`update runs set deleted_with_experiment = 1 where deleted_at is not null
    and exists (select 1 from experiments where experiments.number = runs.experiment and experiments.deleted_at = runs.deleted_at)`.execute(
    schema,
  );
}

interface InputTables {
  run_inputs: { details_text: string | null; details: number | null };
  input_details: { number?: number; digest: string; body: string };
}

async function createInputDetails(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema.schema
    .createTable('input_details')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema.schema.alterTable('run_inputs').renameColumn('details', 'details_text').execute();
  await schema.schema.alterTable('run_inputs').addColumn('details', 'bigint').execute();
  await schema.schema.alterTable('run_inputs').addColumn('tags', 'text').execute();
  const tables = schema as Kysely<InputTables>;
  const bodies = await tables.selectFrom('run_inputs').select('details_text').distinct().where('details_text', 'is not', null).execute();
  for (const { details_text: body } of bodies) {
    if (body === null) continue;
    const insert = tables.insertInto('input_details').values({ digest: detailsDigest(body), body });
    const { number } = await insert.returning('number').executeTakeFirstOrThrow();
    await tables
      .updateTable('run_inputs')
      .set({ details: number ?? null })
      .where('details_text', '=', body)
      .execute();
  }
  await schema.schema.alterTable('run_inputs').dropColumn('details_text').execute();
}

async function createRunModels(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await clustered(schema.schema.createTable('run_models'), dialect)
    .addColumn('run', 'bigint', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('step', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_models_pk', ['run', 'role', 'model', 'step'])
    .execute();
  await schema.schema.createIndex('run_models_by_model').on('run_models').columns(['model', 'role', 'run']).execute();
}
