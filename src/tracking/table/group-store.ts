import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { attributeColumns, type CompileContext } from '../search/condition-store.ts';
import type { RunOrder } from '../search/order.ts';
import { criteriaOf, type RunCriteria } from '../search/criteria-store.ts';

export type GroupField = Exclude<RunOrder['field'], { kind: 'metric' }>;

export interface GroupRow {
  readonly value: string | null;
  readonly runs: number;
  readonly first: number;
  readonly last: number;
}

export interface Grouping {
  readonly criteria: RunCriteria;
  readonly context: CompileContext;
  readonly field: GroupField;
}

/** Groups with the latest runs first. */
export async function selectGroups(from: Queryable, grouping: Grouping, limit: number): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`select value, count(*) as runs, min(started_at) as first, max(started_at) as last
    from ${fitting(grouping)} group by value order by last desc, value limit ${limit}`.execute(from.query());
  return rows;
}

export async function selectGroupStates(
  from: Queryable,
  grouping: Grouping,
): Promise<{ value: string | null; state: string; runs: number }[]> {
  const { rows } = await sql<{ value: string | null; state: string; runs: number }>`select value, state, count(*) as runs
    from ${fitting(grouping)} group by value, state`.execute(from.query());
  return rows;
}

export interface GroupMetricRow {
  readonly value: string | null;
  readonly metric: number;
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

/** Of the latest values that are numbers; NaN is none. */
export async function selectGroupMetrics(from: Queryable, grouping: Grouping, metrics: readonly number[]): Promise<GroupMetricRow[]> {
  if (metrics.length === 0) return [];
  const { rows } = await sql<GroupMetricRow>`select fit.value as value, l.metric as metric, count(l.value) as count, min(l.value) as min,
    avg(l.value) as mean, max(l.value) as max from ${fitting(grouping)}
    join metric_latest as l on l.run = fit.number and l.metric in (${sql.join(metrics)}) group by fit.value, l.metric`.execute(
    from.query(),
  );
  return rows;
}

function fitting({ criteria, context, field }: Grouping): RawBuilder<unknown> {
  const { value, join } = keyOf(field, context);
  return sql`(select runs.number as number, runs.state as state, runs.started_at as started_at, ${value} as value
    from runs join experiments on experiments.number = runs.experiment ${join}
    where ${sql.join(criteriaOf(criteria, context), sql` and `)}) as fit`;
}

function keyOf(field: GroupField, context: CompileContext): { value: RawBuilder<unknown>; join: RawBuilder<unknown> } {
  if (field.kind === 'attribute') return { value: sql`cast(${attributeColumns[field.name]} as text)`, join: sql`` };
  const number = context.numberOf(field) ?? -1;
  const [table, column] = field.kind === 'parameter' ? [sql`run_parameters`, sql`parameter`] : [sql`run_tags`, sql`tag`];
  return { value: sql`g.value`, join: sql`left join ${table} as g on g.run = runs.number and g.${column} = ${number}` };
}

/** Names of runs by id. */
export async function readRunNames(from: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from runs where id in (${sql.join(ids)})`.execute(from.query());
  return new Map(rows.map(({ id, name }) => [id, name]));
}
