import { type RawBuilder, sql } from 'kysely';
import { everything, type Test } from './compare-store.ts';
import { attributeColumns, type CompileContext, factsOf } from './condition-store.ts';
import type { AttributeName } from './filter.ts';
import type { SortKey } from './keyset-store.ts';
import type { RunOrder } from './order.ts';
import type { ValueType } from './searchable-store.ts';

/**
 * A stretch of the order of runs: those that have its first key, or those behind them that lack it. Each stretch comes from an index
 * where there is one, so that the first page and a deep one cost the same.
 */
export interface Stage {
  /** The table that the first key stands in, called `o`, and how its row is found for a run. */
  readonly facts?: { readonly table: RawBuilder<unknown>; readonly ofName: Test };
  readonly where: Test;
  readonly keys: readonly SortKey[];
}

export function stagesOf(orders: readonly RunOrder[], context: CompileContext): Stage[] {
  const [first, ...rest] = orders;
  if (first === undefined) return [];
  const further = [...rest.flatMap((order) => sortKeysOf(order, context)), ...lastKey(orders)];
  const stage = (where: Test, key?: SortKey, facts?: Stage['facts']): Stage => ({
    where,
    keys: key === undefined ? further : [key, ...further],
    ...(facts === undefined ? {} : { facts }),
  });
  const { field, descending } = first;
  if (field.kind === 'attribute') {
    const key = attributeKey(first);
    if (alwaysThere.has(field.name)) return [stage(everything, key)];
    return [stage(sql`${key.expression} is not null`, key), stage(sql`${key.expression} is null`)];
  }
  const number = context.numberOf(field);
  if (number === undefined) return [stage(everything)];
  const { table, ofName, missing } = factsIn(field.kind, number);
  const facts = { table, ofName };
  if (field.kind === 'metric')
    return [
      stage(sql`o.value is not null`, { expression: sql`o.value`, type: 'number', descending }, facts),
      stage(sql`o.value is null`, undefined, facts),
      stage(missing),
    ];
  const text: SortKey = { expression: sql`o.sort_key`, type: 'text', descending };
  if (field.kind === 'tag' || first.asText === true) return [stage(everything, text, facts), stage(missing)];
  return [
    stage(sql`o.number is not null`, { expression: sql`o.number`, type: 'number', descending }, facts),
    stage(sql`o.number is null`, text, facts),
    stage(missing),
  ];
}

/** Ends in something that no two runs share. */
function lastKey(orders: readonly RunOrder[]): SortKey[] {
  if (orders.some(({ field }) => field.kind === 'attribute' && field.name === 'id')) return [];
  return [{ expression: sql`runs.number`, type: 'whole', descending: orders[0]?.descending ?? false }];
}

function factsIn(kind: 'metric' | 'parameter' | 'tag', number: number): { table: RawBuilder<unknown>; ofName: Test; missing: Test } {
  const [table, name] = {
    metric: [sql`metric_latest`, sql`metric`],
    parameter: [sql`run_parameters`, sql`parameter`],
    tag: [sql`run_tags`, sql`tag`],
  }[kind] as [RawBuilder<unknown>, RawBuilder<unknown>];
  return {
    table: sql`${table} as o`,
    ofName: sql`o.${name} = ${number}`,
    // A value of its own, as in the tests of conditions.
    missing: sql`(select 1 from ${table} as m where m.run = runs.number and m.${name} = ${number}) is null`,
  };
}

const alwaysThere = new Set<AttributeName>(['id', 'name', 'state', 'experiment', 'startedAt', 'user', 'computeTarget']);
const types: Readonly<Partial<Record<AttributeName, ValueType>>> = {
  startedAt: 'whole',
  finishedAt: 'whole',
  duration: 'whole',
  cpuMs: 'number',
  peakMemoryBytes: 'whole',
};

function attributeKey({ field, descending }: RunOrder): SortKey {
  const name = field.name as AttributeName;
  return { expression: attributeColumns[name], type: types[name] ?? 'text', descending };
}

/** A key that is not the first: looked up for each run. */
function sortKeysOf(order: RunOrder, context: CompileContext): SortKey[] {
  const { field, descending } = order;
  if (field.kind === 'attribute') {
    const key = attributeKey(order);
    if (alwaysThere.has(field.name)) return [key];
    return [{ ...key, rank: sql`(case when ${key.expression} is null then 1 else 0 end)` }];
  }
  const number = context.numberOf(field);
  if (number === undefined) return [];
  const from = sql`${factsOf(field.kind, number)} and f.run = runs.number`;
  const look = (what: RawBuilder<unknown>) => sql`(select ${what} ${from})`;
  const rank = (column: RawBuilder<unknown>) => sql`coalesce((select case when ${column} is null then 1 else 0 end ${from}), 2)`;
  if (field.kind === 'metric') return [{ expression: look(sql`f.value`), type: 'number', descending, rank: rank(sql`f.value`) }];
  const text = (what: RawBuilder<unknown>): SortKey => ({
    expression: look(what),
    type: 'text',
    descending,
    rank: sql`(case when ${look(what)} is null then 1 else 0 end)`,
  });
  if (field.kind === 'tag' || order.asText === true) return [text(sql`f.sort_key`)];
  const asNumber: SortKey = { expression: look(sql`f.number`), type: 'number', descending, rank: rank(sql`f.number`) };
  return [asNumber, text(sql`case when f.number is null then f.sort_key end`)];
}
