import { type RawBuilder, sql } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import type { Candidates } from './candidates-store.ts';
import type { Test } from './compare-store.ts';
import type { CompileContext } from './condition-store.ts';
import { placeTests, type RunCriteria } from './criteria-store.ts';
import type { RunOrder } from './order.ts';
import type { Stage } from './run-stage-store.ts';

/**
 * How runs are come by, chosen by counting and not by statistics of the database: `walk` takes them in the order of an index and tests
 * each, `few` looks at those few that one part of the search leaves, `sets` at those that fit every part that has an index.
 */
export type Way =
  | { readonly kind: 'walk' }
  | { readonly kind: 'few'; readonly runs: readonly number[] }
  | { readonly kind: 'sets'; readonly sets: readonly Candidates[] };

export interface Search {
  readonly from: Queryable;
  readonly criteria: RunCriteria;
  readonly context: CompileContext;
  readonly orders: readonly RunOrder[];
}

/** Runs lie in the order of their start in indexes of their own. */
export function isByStart([first]: readonly RunOrder[]): boolean {
  return first?.field.kind === 'attribute' && first.field.name === 'startedAt';
}

/** A cross join keeps SQLite to the order of the tables that is written here. */
export function base({ facts }: Stage, way: Way, dialect: DialectName): RawBuilder<unknown> {
  if (way.kind === 'walk') return facts === undefined ? sql`runs` : sql`${facts.table} cross join runs`;
  const runs = sql`(${way.kind === 'few' ? listOf(way.runs, dialect) : intersection(way.sets)}) as c cross join runs`;
  return facts === undefined ? runs : sql`${runs} cross join ${facts.table}`;
}

/** As a table, so that SQLite begins with it. */
function listOf(runs: readonly number[], dialect: DialectName): RawBuilder<unknown> {
  return dialect === 'sqlite'
    ? sql`select value as run from json_each(${JSON.stringify(runs)})`
    : sql`select run from unnest(${runs}::bigint[]) as run`;
}

function intersection(sets: readonly Candidates[]): RawBuilder<unknown> {
  const parts = sets.map((set, index) => sql`select run from (${set}) as ${sql.ref(`s${index}`)}`);
  return parts.length === 1 ? sql`select distinct run from (${sets[0] ?? sql``}) as s` : sql`${sql.join(parts, sql` intersect `)}`;
}

/** What ties the tables of `base` together, and the place of the run. */
export function baseTests({ criteria, context, orders }: Search, { facts, where }: Stage, way: Way): Test[] {
  const tests = [where, ...placeTests(criteria, context, way.kind === 'walk' && isByStart(orders))];
  if (facts !== undefined) tests.push(facts.ofName, sql`o.run = runs.number`);
  if (way.kind !== 'walk') tests.push(sql`runs.number = c.run`);
  return tests;
}
