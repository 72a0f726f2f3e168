import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import type { Filter } from '../search/filter-tree.ts';
import { compileFilter } from '../search/index.ts';
import { filterFields, type MeasuredView, type View, views } from './measured-views-store.ts';

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
function groupedRows({ dialect }: Queryable, measurement: Measurement): { names: RawBuilder<unknown>[]; rows: RawBuilder<unknown> } {
  const view: MeasuredView = views[measurement.view];
  const columns = measurement.dimensions.map((name, index) => sql`${view.dimensions[name] ?? sql`null`} as ${sql.ref(`d${index}`)}`);
  const { bucket } = measurement;
  const time = bucket === undefined ? sql`null` : sql`(${view.time}) / cast(${bucket} as bigint) * cast(${bucket} as bigint)`;
  const value = view.metrics[measurement.metric] ?? sql`null`;
  const names = [...measurement.dimensions.map((_, index) => sql.ref(`d${index}`)), sql.ref('b')];
  const rows = sql`(select ${sql.join([...columns, sql`${time} as b`, sql`${value} as v`])} from ${view.source}
    where ${sql.join(testsOf(measurement, view.time, dialect), sql` and `)}) as measured`;
  return { names, rows };
}

function testsOf(
  { project, experiments, filters, from, to, view }: Measurement,
  time: RawBuilder<unknown>,
  dialect: DialectName,
): RawBuilder<SqlBool>[] {
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
