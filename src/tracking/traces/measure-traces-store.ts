import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import type { Filter } from '../search/filter-tree.ts';
import { type ColumnField, compileFilter, type CustomField, type SearchableFields } from '../search/index.ts';
import { traceFilterFields } from './trace-fields-store.ts';

export type View = 'traces' | 'spans' | 'assessments';
type Value = RawBuilder<unknown>;

/** What each view counts and measures; a metric without a value counts rows. */
const views = {
  traces: {
    source: sql`traces`,
    time: sql`traces.requested_at`,
    metrics: {
      trace_count: sql`1`,
      session_count: sql`(select m.value from trace_metadata as m where m.trace = traces.number and m.name = 'mlflow.trace.session')`,
      latency: sql`traces.duration`,
      input_tokens: sql`traces.input_tokens`,
      output_tokens: sql`traces.output_tokens`,
      total_tokens: sql`traces.total_tokens`,
      cache_read_input_tokens: sql`traces.cache_read_tokens`,
      cache_creation_input_tokens: sql`traces.cache_creation_tokens`,
      input_cost: sql`traces.input_cost`,
      output_cost: sql`traces.output_cost`,
      total_cost: sql`traces.total_cost`,
    },
    dimensions: { trace_name: sql`traces.name`, trace_status: sql`traces.state` },
  },
  spans: {
    source: sql`trace_spans join traces on traces.number = trace_spans.trace`,
    time: sql`trace_spans.started_at / 1000`,
    metrics: {
      span_count: sql`1`,
      latency: sql`trace_spans.duration`,
      input_cost: sql`trace_spans.input_cost`,
      output_cost: sql`trace_spans.output_cost`,
      total_cost: sql`trace_spans.total_cost`,
    },
    dimensions: {
      span_name: sql`trace_spans.name`,
      span_type: sql`trace_spans.type`,
      span_status: sql`trace_spans.status`,
      span_model_name: sql`trace_spans.model`,
      span_model_provider: sql`trace_spans.provider`,
    },
  },
  assessments: {
    source: sql`trace_assessments join traces on traces.number = trace_assessments.trace`,
    time: sql`traces.requested_at`,
    metrics: { assessment_count: sql`1`, assessment_value: sql`trace_assessments.number` },
    dimensions: { assessment_name: sql`trace_assessments.name`, assessment_value: sql`trace_assessments.value` },
  },
} as const satisfies Record<
  View,
  { source: Value; time: Value; metrics: Readonly<Record<string, Value>>; dimensions: Readonly<Record<string, Value>> }
>;

export function metricsOf(view: View): readonly string[] {
  return Object.keys(views[view].metrics);
}

export function dimensionsOf(view: View): readonly string[] {
  return Object.keys(views[view].dimensions);
}

export interface Measurement {
  readonly project: string;
  readonly experiments: readonly number[];
  readonly view: View;
  readonly metric: string;
  readonly dimensions: readonly string[];
  readonly filters: readonly Filter[];
  /** Width of time buckets in milliseconds. */
  readonly bucket?: number | undefined;
  /** Epoch milliseconds, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface Group {
  /** In the order of the dimensions. */
  readonly keys: readonly (string | null)[];
  readonly bucket: number | null;
  readonly count: number;
  readonly distinct: number;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Sums of each group, by time and then by the dimensions. */
export async function measureGroups(from: Queryable, measurement: Measurement): Promise<Group[]> {
  const { names, rows: source } = groupedRows(from, measurement);
  const numeric = measurement.metric === 'session_count' ? sql`null` : sql`v`;
  const { rows } = await sql<Readonly<Record<string, string | number | null>>>`select ${sql.join([
    ...names,
    sql`count(v) as n, count(distinct v) as u,
    sum(cast(${numeric} as double precision)) as s, avg(cast(${numeric} as double precision)) as a,
    min(cast(${numeric} as double precision)) as lo, max(cast(${numeric} as double precision)) as hi`,
  ])}
    from ${source} group by ${sql.join(names)} order by ${sql.join(names.toReversed())} limit ${measurement.limit} offset ${measurement.offset}`.execute(
    from.query(),
  );
  return rows.map((row) => ({
    ...keysOf(row, measurement),
    count: Number(row['n']),
    distinct: Number(row['u']),
    sum: figure(row['s']),
    mean: figure(row['a']),
    min: figure(row['lo']),
    max: figure(row['hi']),
  }));
}

export interface RankedValue {
  readonly keys: readonly (string | null)[];
  readonly bucket: number | null;
  /** From 0. */
  readonly rank: number;
  readonly count: number;
  readonly value: number;
}

/** The values at the ranks next to a quantile (0 to 1) in each group, all groups. */
export async function rankedValues(from: Queryable, measurement: Measurement, quantile: number): Promise<RankedValue[]> {
  const { names, rows: source } = groupedRows(from, measurement);
  const group = sql.join(names);
  const { rows } = await sql<Readonly<Record<string, string | number | null>>>`select ${group}, r, n, v from (
      select ${group}, v, row_number() over (partition by ${group} order by v) - 1 as r, count(*) over (partition by ${group}) as n
      from ${source} where v is not null) as ranked
    where abs(r - cast(${quantile} as double precision) * (n - 1)) < 1`.execute(from.query());
  return rows.map((row) => ({ ...keysOf(row, measurement), rank: Number(row['r']), count: Number(row['n']), value: Number(row['v']) }));
}

/** One row for each thing: what it is grouped by as d0, d1, … and b, and its value as v. */
function groupedRows({ dialect }: Queryable, measurement: Measurement): { names: Value[]; rows: Value } {
  const view: { source: Value; time: Value; metrics: Readonly<Record<string, Value>>; dimensions: Readonly<Record<string, Value>> } =
    views[measurement.view];
  const columns = measurement.dimensions.map((name, index) => sql`${view.dimensions[name] ?? sql`null`} as ${sql.ref(`d${index}`)}`);
  const { bucket } = measurement;
  const time = bucket === undefined ? sql`null` : sql`(${view.time}) / cast(${bucket} as bigint) * cast(${bucket} as bigint)`;
  const value = view.metrics[measurement.metric] ?? sql`null`;
  const names = [...measurement.dimensions.map((_, index) => sql.ref(`d${index}`)), sql.ref('b')];
  const rows = sql`(select ${sql.join([...columns, sql`${time} as b`, sql`${value} as v`])} from ${view.source}
    where ${sql.join(testsOf(measurement, view.time, dialect), sql` and `)}) as measured`;
  return { names, rows };
}

function testsOf({ project, experiments, filters, from, to, view }: Measurement, time: Value, dialect: DialectName): RawBuilder<SqlBool>[] {
  const tests: RawBuilder<SqlBool>[] = [
    sql`traces.project = ${project}`,
    experiments.length === 0 ? sql`1 = 0` : sql`traces.experiment in (${sql.join(experiments)})`,
    ...filters.map((filter) => compileFilter(filter, filterFields(view), dialect)),
  ];
  if (from !== undefined) tests.push(sql`${time} >= cast(${from} as bigint)`);
  if (to !== undefined) tests.push(sql`${time} <= cast(${to} as bigint)`);
  if (view === 'assessments') tests.push(sql`trace_assessments.valid = 1`);
  return tests;
}

const lower = (word: string) => word.toLowerCase();

const ownColumns: Readonly<Record<string, ColumnField>> = {
  'span.name': { type: 'text', column: 'trace_spans.name' },
  'span.type': { type: 'text', column: 'trace_spans.type' },
  'span.status': { type: 'text', column: 'trace_spans.status', toStored: lower },
  'span.model': { type: 'text', column: 'trace_spans.model' },
  'span.provider': { type: 'text', column: 'trace_spans.provider' },
  'assessment.name': { type: 'text', column: 'trace_assessments.name' },
  'assessment.type': { type: 'text', column: 'trace_assessments.kind', toStored: lower },
};

/** `trace.status`, `trace.tag.k`, `trace.metadata.k`, and the columns of the spans or assessments that are measured. */
function filterFields(view: View): SearchableFields {
  const own = (prefix: string) => (key: string) =>
    Object.hasOwn(ownColumns, `${prefix}.${key}`) ? ownColumn(`${prefix}.${key}`) : undefined;
  return {
    row: 'traces.number',
    attributes: {},
    facts: {
      trace: traceField,
      ...(view === 'spans' ? { span: own('span') } : {}),
      ...(view === 'assessments' ? { assessment: own('assessment') } : {}),
    },
  };
}

function ownColumn(name: string): CustomField {
  const fields: SearchableFields = { row: 'traces.number', attributes: ownColumns };
  return { type: 'custom', test: (comparison, dialect) => compileFilter({ ...comparison, entity: undefined, key: name }, fields, dialect) };
}

function traceField(key: string): CustomField {
  const [, entity, rest] = /^(tag|tags|metadata|request_metadata)\.(.+)$/.exec(key) ?? [];
  return {
    type: 'custom',
    test: (comparison, dialect) => compileFilter({ ...comparison, entity, key: rest ?? key }, traceFilterFields, dialect),
  };
}

function keysOf(row: Readonly<Record<string, string | number | null>>, { dimensions, bucket }: Measurement) {
  const keys = dimensions.map((_, index) => {
    const key = row[`d${index}`];
    return key === null || key === undefined ? null : String(key);
  });
  return { keys, bucket: bucket === undefined ? null : Number(row['b']) };
}

function figure(cell: string | number | null | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}
