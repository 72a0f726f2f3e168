import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { ExperimentRow } from '../store.ts';
import { compileFilter } from './compile-filter-store.ts';
import { compileOrder } from './compile-order-store.ts';
import type { Lifecycle } from './criteria-store.ts';
import type { Filter, OrderTerm } from './filter-tree.ts';
import type { Place } from './place.ts';
import type { SearchableFields } from './searchable-store.ts';

const fields: SearchableFields = {
  row: 'experiments.number',
  attributes: {
    name: { type: 'text', column: 'experiments.name' },
    'experiment_id sequence': { type: 'whole', column: 'experiments.sequence' },
    'creation_time createdAt': { type: 'whole', column: 'experiments.created_at' },
    'last_update_time updatedAt': { type: 'whole', column: 'experiments.updated_at' },
  },
  facts: {
    'tags tag': { type: 'text', table: 'experiment_tags', on: { experiment: 'experiments.number' }, name: 'name', value: 'value' },
  },
};

export interface ExperimentQuery {
  readonly project: string;
  readonly filter: Filter | undefined;
  readonly order: readonly OrderTerm[];
  readonly lifecycle: Lifecycle;
  readonly after: Place | undefined;
  readonly limit: number;
}

export async function searchExperiments(from: Queryable, query: ExperimentQuery): Promise<{ row: ExperimentRow; place: Place }[]> {
  const { project, filter, lifecycle, after, limit } = query;
  const order = compileOrder(query.order, fields, from.dialect);
  const tests = [
    sql`experiments.project = ${project}`,
    ...(lifecycle === 'all' ? [] : [sql`experiments.deleted_at is ${lifecycle === 'active' ? sql`null` : sql`not null`}`]),
    compileFilter(filter, fields, from.dialect),
    order.after(after),
  ];
  const { rows } = await sql<ExperimentRow>`select experiments.*, ${order.columns} from experiments
    where ${sql.join(tests, sql` and `)} order by ${order.by} limit ${limit}`.execute(from.query());
  return rows.map((row) => ({ row, place: order.placeOf(row) }));
}
