import { type RawBuilder, sql } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import { type LabelledRunRow, readRunRows } from '../run-store.ts';
import { type Candidates, candidatesOf, countCandidates, readCandidates } from './candidates-store.ts';
import { isOneOf, type Test } from './compare-store.ts';
import type { CompileContext } from './condition-store.ts';
import { contentTests, criteriaOf, placeTests, type RunCriteria } from './criteria-store.ts';
import { type Keyset, keysetOf } from './keyset-store.ts';
import type { RunOrder } from './order.ts';
import type { Place } from './place.ts';
import { type Stage, stagesOf } from './run-stage-store.ts';

export interface FoundRun {
  readonly row: LabelledRunRow;
  /** The number of the stage of the order, then the sort keys in it. */
  readonly place: Place;
}

export interface RunPage {
  readonly orders: readonly RunOrder[];
  readonly context: CompileContext;
  readonly after?: Place | undefined;
  readonly skip?: number | undefined;
  readonly limit: number;
}

/**
 * How runs are come by, chosen by counting and not by statistics of the database: `walk` takes them in the order of an index and tests
 * each, `few` looks at those few that one part of the search leaves, `sets` at those that fit every part that has an index.
 */
type Way =
  | { readonly kind: 'walk' }
  | { readonly kind: 'few'; readonly runs: readonly number[] }
  | { readonly kind: 'sets'; readonly sets: readonly Candidates[] };

/**
 * One page of runs behind `after`. Rows without the first key come last, whichever way the order goes; NaN comes before them. Rows
 * that are level in all keys are ordered by number in the direction of the first.
 * @throws `tracking.page-token-invalid` for a place of another order
 */
export async function searchRuns(from: Queryable, criteria: RunCriteria, page: RunPage): Promise<FoundRun[]> {
  if (criteria.experiments?.length === 0 || criteria.states?.length === 0) return [];
  const stages = stagesOf(page.orders, page.context);
  const [begin = 0, ...inStage] = page.after ?? [];
  if (typeof begin !== 'number' || stages[begin] === undefined) throw trackingErrors['page-token-invalid']({});
  const search: Search = { from, criteria, context: page.context, orders: page.orders };
  const way = await wayOf(search, stages[begin], page.limit);
  const found: { number: number; place: Place }[] = [];
  let skip = page.after === undefined ? (page.skip ?? 0) : 0;
  for (const [index, stage] of stages.entries()) {
    if (index < begin || found.length >= page.limit) continue;
    const after = page.after !== undefined && index === begin ? inStage : undefined;
    const rows = await selectStage(search, { stage, way, after, skip, limit: page.limit - found.length });
    if (skip > 0) skip = rows.length > 0 ? 0 : Math.max(0, skip - (await countStage(search, stage, way)));
    for (const { number, place } of rows) found.push({ number, place: [index, ...place] });
  }
  const rows = await readRunRows(
    from,
    found.map(({ number }) => number),
  );
  return found.flatMap(({ number, place }) => {
    const row = rows.get(number);
    return row === undefined ? [] : [{ row, place }];
  });
}

export async function countRuns(from: Queryable, criteria: RunCriteria, context: CompileContext): Promise<number> {
  const search: Search = { from, criteria, context, orders: [] };
  const few = await fewOf(search);
  const tests = [...criteriaOf(criteria, context), ...(few === undefined ? [] : [isOneOf(sql`runs.number`, few, context.dialect)])];
  const { rows } = await sql<{ count: number }>`select count(*) as count from runs where ${sql.join(tests, sql` and `)}`.execute(
    from.query(),
  );
  return rows[0]?.count ?? 0;
}

interface Search {
  readonly from: Queryable;
  readonly criteria: RunCriteria;
  readonly context: CompileContext;
  readonly orders: readonly RunOrder[];
}

/** At most so many runs are looked at one by one when a part of the search finds few. */
const fewRuns = 500;
/** So many runs at the front of the order show how far a walk would have to go. */
const sampled = 300;
/** How far sets are counted. */
const largestSet = 20_000;
/** A walk may be expected to look at so many runs. */
const longestWalk = 10_000;

async function wayOf(search: Search, stage: Stage, limit: number): Promise<Way> {
  const { from, criteria, context, orders } = search;
  const candidates = candidatesOf(criteria, context);
  const inOrder = orders[0]?.field.name === 'startedAt' && criteria.experiments?.length === 1;
  if (candidates.length === 0 || (inOrder && candidates.length === 1)) return { kind: 'walk' };
  const counts = await countCandidates(from, candidates, fewRuns + 1);
  const smallest = counts.indexOf(Math.min(...counts));
  const narrow = candidates[smallest];
  if (narrow !== undefined && (counts[smallest] ?? 0) <= fewRuns) return { kind: 'few', runs: await readCandidates(from, narrow) };
  // Any other order sorts all that it finds.
  const sorted = stage.facts === undefined && orders[0]?.field.name !== 'startedAt';
  const { seen, fitting } = sorted ? { seen: sampled, fitting: 0 } : await sample(search, stage);
  if (seen < sampled || (fitting > 0 && (limit * sampled) / fitting <= longestWalk)) return { kind: 'walk' };
  return { kind: 'sets', sets: await worthwhile(from, candidates) };
}

/** Sets that are much larger than the smallest are not worth reading: their tests are made on what the others leave. */
async function worthwhile(from: Queryable, candidates: readonly Candidates[]): Promise<readonly Candidates[]> {
  const counts = await countCandidates(from, candidates, largestSet);
  const most = Math.min(largestSet - 1, 5 * Math.min(...counts));
  const small = candidates.filter((_, index) => (counts[index] ?? largestSet) <= most);
  return small.length === 0 ? candidates : small;
}

async function fewOf({ from, criteria, context }: Search): Promise<readonly number[] | undefined> {
  const candidates = candidatesOf(criteria, context);
  if (candidates.length === 0) return undefined;
  const counts = await countCandidates(from, candidates, fewRuns + 1);
  const narrow = candidates[counts.findIndex((count) => count <= fewRuns)];
  return narrow === undefined ? undefined : readCandidates(from, narrow);
}

async function sample(search: Search, stage: Stage): Promise<{ seen: number; fitting: number }> {
  const { criteria, context } = search;
  const { project, experiments } = criteria;
  const [key] = stage.keys;
  // The front is what an index gives without looking further.
  const narrow = stage.facts === undefined && experiments?.length === 1 ? { experiments } : {};
  const within: Search = { ...search, criteria: { project, lifecycle: 'all', ...narrow } };
  const order = key === undefined ? sql`` : sql`order by ${key.expression} ${key.descending ? sql`desc` : sql`asc`}`;
  const front = sql`select runs.* from ${base(stage, { kind: 'walk' }, context.dialect)}
    where ${sql.join(baseTests(within, stage, { kind: 'walk' }), sql` and `)} ${order} limit ${sampled}`;
  const tests = [...placeTests(criteria, context), ...contentTests(criteria, context)];
  const { rows } = await sql<{ seen: number; fitting: number | null }>`select count(*) as seen,
    sum(case when ${sql.join(tests, sql` and `)} then 1 else 0 end) as fitting from (${front}) as runs`.execute(search.from.query());
  return { seen: rows[0]?.seen ?? 0, fitting: rows[0]?.fitting ?? 0 };
}

/** A cross join keeps SQLite to the order of the tables that is written here. */
function base({ facts }: Stage, way: Way, dialect: DialectName): RawBuilder<unknown> {
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
function baseTests({ criteria, context, orders }: Search, { facts, where }: Stage, way: Way): Test[] {
  const tests = [where, ...placeTests(criteria, context, way.kind === 'walk' && orders[0]?.field.name === 'startedAt')];
  if (facts !== undefined) tests.push(facts.ofName, sql`o.run = runs.number`);
  if (way.kind !== 'walk') tests.push(sql`runs.number = c.run`);
  return tests;
}

interface StagePart {
  readonly stage: Stage;
  readonly way: Way;
  readonly after: Place | undefined;
  readonly skip: number;
  readonly limit: number;
}

/** Only numbers and keys: sorting whole rows takes longer than reading those that are left. */
async function selectStage(search: Search, part: StagePart): Promise<{ number: number; place: Place }[]> {
  const { criteria, context, from } = search;
  const { stage, way, skip } = part;
  const keyset: Keyset = keysetOf(stage.keys, context.dialect);
  const tests = [...baseTests(search, stage, way), ...contentTests(criteria, context), keyset.after(part.after)];
  const { rows } = await sql<{
    number: number;
  }>`select runs.number as number, ${keyset.columns} from ${base(stage, way, search.context.dialect)}
    where ${sql.join(tests, sql` and `)} order by ${keyset.by} limit ${part.limit}${skip === 0 ? sql`` : sql` offset ${skip}`}`.execute(
    from.query(),
  );
  return rows.map((row) => ({ number: row.number, place: keyset.placeOf(row) }));
}

async function countStage(search: Search, stage: Stage, way: Way): Promise<number> {
  const tests = [...baseTests(search, stage, way), ...contentTests(search.criteria, search.context)];
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${base(stage, way, search.context.dialect)}
    where ${sql.join(tests, sql` and `)}`.execute(search.from.query());
  return rows[0]?.count ?? 0;
}
