import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { Filter, OrderTerm } from '../search/filter-tree.ts';
import { compileFilter, compileOrder, type Place } from '../search/index.ts';
import { narrowTraces } from './narrow-traces-store.ts';
import { traceFilterFields, traceOrderFields } from './trace-fields-store.ts';
import type { LabelledTraceRow } from './trace-store.ts';

export interface TraceCriteria {
  readonly project: string;
  /** Numbers of experiments; all that are not deleted when left out. */
  readonly experiments?: readonly number[] | undefined;
  readonly filter?: Filter | undefined;
}

export interface FoundTrace {
  readonly row: LabelledTraceRow;
  readonly place: Place;
}

const newestFirst: readonly OrderTerm[] = [{ entity: undefined, key: 'timestamp', ascending: false }];

export async function searchTraces(
  from: Queryable,
  criteria: TraceCriteria,
  page: { readonly order: readonly OrderTerm[]; readonly after?: Place | undefined; readonly limit: number },
): Promise<FoundTrace[]> {
  const order = compileOrder([...page.order, ...newestFirst], traceOrderFields, from.dialect);
  const { rows } = await sql<LabelledTraceRow>`select traces.*, experiments.id as experiment_id, experiments.name as experiment_name,
    experiments.sequence as experiment_sequence, experiments.artifact_location as experiment_location, ${order.columns} from ${source} where ${await narrowed(from, criteria)} and ${order.after(page.after)}
    order by ${order.by} limit ${page.limit}`.execute(from.query());
  return rows.map((row) => ({ row, place: order.placeOf(row) }));
}

export async function countTraces(from: Queryable, criteria: TraceCriteria): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${source} where ${await narrowed(from, criteria)}`.execute(
    from.query(),
  );
  return rows[0]?.count ?? 0;
}

/** How many traces fit the criteria, each of two filters besides, and both. */
export async function countPair(
  from: Queryable,
  criteria: TraceCriteria,
  [first, second]: readonly [Filter | undefined, Filter | undefined],
): Promise<{ total: number; first: number; second: number; both: number }> {
  const [one, two] = [first, second].map((filter) => compileFilter(filter, traceFilterFields, from.dialect));
  const { rows } = await sql<{ total: number; first: number; second: number; both: number }>`select count(*) as total,
    count(case when a = 1 then 1 end) as first, count(case when b = 1 then 1 end) as second, count(case when a = 1 and b = 1 then 1 end) as both
    from (select case when ${one} then 1 else 0 end as a, case when ${two} then 1 else 0 end as b
      from ${source} where ${criteriaOf(from, criteria)}) as tests`.execute(from.query());
  return rows[0] ?? { total: 0, first: 0, second: 0, both: 0 };
}

// The order of a cross join is kept by SQLite, which would otherwise walk experiment by experiment and sort everything.
const source = sql`traces cross join experiments`;

async function narrowed(from: Queryable, criteria: TraceCriteria): Promise<RawBuilder<SqlBool>> {
  const few = await narrowTraces(from, criteria.filter);
  const all = criteriaOf(from, criteria);
  return few === undefined ? all : sql`${isOneOf(sql`traces.number`, few, from.dialect)} and ${all}`;
}

function criteriaOf({ dialect }: Queryable, { project, experiments, filter }: TraceCriteria): RawBuilder<SqlBool> {
  const tests: RawBuilder<SqlBool>[] = [
    sql`experiments.number = traces.experiment`,
    sql`traces.project = ${project}`,
    compileFilter(filter, traceFilterFields, dialect),
  ];
  if (experiments === undefined) tests.push(sql`experiments.deleted_at is null`);
  else tests.push(experiments.length === 0 ? sql`1 = 0` : sql`traces.experiment in (${sql.join(experiments)})`);
  return sql`${sql.join(tests, sql` and `)}`;
}
