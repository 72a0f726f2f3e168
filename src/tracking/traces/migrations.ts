import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import { clustered, counter, type DialectName, ordered } from '#kernel/database/index.ts';

export const tracesMigration = {
  name: '003-traces',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await createTraces(schema, dialect);
    await createSpans(schema, dialect);
    await createAssessments(schema, dialect);
    await createLinks(schema, dialect);
    await createAttributeView(schema, dialect);
  },
};

function withUse<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): CreateTableBuilder<Table, Column> {
  let all: CreateTableBuilder<Table> = table;
  for (const count of ['input_tokens', 'output_tokens', 'total_tokens', 'cache_read_tokens', 'cache_creation_tokens'])
    all = all.addColumn(count, 'bigint');
  for (const cost of ['input_cost', 'output_cost', 'total_cost']) all = all.addColumn(cost, 'double precision');
  return all;
}

async function createTraces(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const table = schema.schema
    .createTable('traces')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('id', ordered(dialect), (column) => column.notNull())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('experiment', 'bigint', (column) => column.notNull())
    .addColumn('name', ordered(dialect))
    .addColumn('state', ordered(dialect), (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('duration', 'bigint')
    .addColumn('client_request_id', ordered(dialect))
    .addColumn('request_preview', 'text')
    .addColumn('response_preview', 'text')
    .addColumn('spans', 'integer', (column) => column.notNull())
    .addColumn('told', 'integer', (column) => column.notNull());
  await withUse(table).addUniqueConstraint('traces_by_id', ['project', 'id']).execute();
  const index = (name: string, columns: readonly string[]) =>
    schema.schema
      .createIndex(name)
      .on('traces')
      .columns([...columns])
      .execute();
  await index('traces_by_time', ['project', 'requested_at', 'number']);
  await index('traces_by_experiment', ['experiment', 'requested_at', 'number']);
  await index('traces_by_request', ['project', 'client_request_id']);
}

async function createSpans(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const table = schema.schema
    .createTable('trace_spans')
    .addColumn('trace', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('parent', 'text')
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('type', ordered(dialect), (column) => column.notNull())
    .addColumn('status', ordered(dialect), (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('duration', 'double precision')
    .addColumn('model', ordered(dialect))
    .addColumn('provider', ordered(dialect))
    .addColumn('content', 'text', (column) => column.notNull());
  await withUse(table).addPrimaryKeyConstraint('trace_spans_pk', ['trace', 'id']).execute();
  const index = (name: string, columns: readonly string[]) =>
    schema.schema
      .createIndex(name)
      .on('trace_spans')
      .columns([...columns])
      .execute();
  await index('trace_spans_by_name', ['name', 'trace']);
  await index('trace_spans_by_type', ['type', 'status', 'trace']);
}

async function createAssessments(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await clustered(schema.schema.createTable('trace_assessments'), dialect)
    .addColumn('trace', 'bigint', (column) => column.notNull())
    .addColumn('id', ordered(dialect), (column) => column.notNull())
    .addColumn('name', ordered(dialect), (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('number', 'double precision')
    .addColumn('error', 'text')
    .addColumn('source_kind', 'text', (column) => column.notNull())
    .addColumn('source_id', 'text', (column) => column.notNull())
    .addColumn('span', 'text')
    .addColumn('rationale', 'text')
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('overrides', 'text')
    .addColumn('valid', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('trace_assessments_pk', ['trace', 'id'])
    .execute();
  await schema.schema.createIndex('trace_assessments_by_name').on('trace_assessments').columns(['name', 'kind', 'trace']).execute();
  await schema.schema
    .createTable('trace_issues')
    .addColumn('number', counter(dialect), (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('project', 'text', (column) => column.notNull())
    .addColumn('experiment', 'bigint', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('severity', 'text')
    .addColumn('root_causes', 'text', (column) => column.notNull())
    .addColumn('categories', 'text', (column) => column.notNull())
    .addColumn('source_run', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text')
    .execute();
  await schema.schema.createIndex('trace_issues_by_time').on('trace_issues').columns(['project', 'created_at', 'number']).execute();
}

async function createLinks(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  for (const name of ['trace_tags', 'trace_metadata'] as const) {
    await clustered(schema.schema.createTable(name), dialect)
      .addColumn('trace', 'bigint', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('sort_key', ordered(dialect), (column) => column.notNull())
      .addPrimaryKeyConstraint(`${name}_pk`, ['trace', 'name'])
      .execute();
    await schema.schema.createIndex(`${name}_by_text`).on(name).columns(['name', 'sort_key', 'trace']).execute();
  }
  await clustered(schema.schema.createTable('trace_runs'), dialect)
    .addColumn('trace', 'bigint', (column) => column.notNull())
    .addColumn('run', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('trace_runs_pk', ['trace', 'run'])
    .execute();
  await schema.schema.createIndex('trace_runs_by_run').on('trace_runs').columns(['run', 'trace']).execute();
  await clustered(schema.schema.createTable('trace_prompts'), dialect)
    .addColumn('trace', 'bigint', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('trace_prompts_pk', ['trace', 'name', 'version'])
    .execute();
  await schema.schema.createIndex('trace_prompts_by_name').on('trace_prompts').columns(['name', 'version', 'trace']).execute();
}

/** The attributes of spans one by one, for filters; texts without quotes, anything else as JSON. */
async function createAttributeView(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const attributes =
    dialect === 'sqlite'
      ? sql`select s.trace, s.id, a.key as name, case a.type when 'true' then 'true' when 'false' then 'false' else cast(a.value as text) end as value
          from trace_spans as s, json_each(s.content, '$.attributes') as a`
      : sql`select s.trace, s.id, a.key collate "C" as name, a.value collate "C" as value
          from trace_spans as s, json_each_text(s.content::json -> 'attributes') as a`;
  await sql`create view trace_span_attributes as ${attributes}`.execute(schema);
}
