import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { type Candidates, candidatesOf, countCandidates, readCandidates } from './candidates-store.ts';
import { contentTests, placeTests } from './criteria-store.ts';
import type { Stage } from './run-stage-store.ts';
import { base, baseTests, isByStart, type Search, type Way } from './way-store.ts';

/** At most so many runs are looked at one by one when a part of the search finds few. */
const fewRuns = 500;
/** So many runs at the front of the order show how far a walk would have to go. */
const sampled = 300;
/** How far sets are counted. */
const largestSet = 20_000;
/** A walk may be expected to look at so many runs. */
const longestWalk = 10_000;

export async function wayOf(search: Search, stage: Stage, limit: number): Promise<Way> {
  const { from, criteria, context, orders } = search;
  const candidates = candidatesOf(criteria, context);
  const inOrder = isByStart(orders) && criteria.experiments?.length === 1;
  if (candidates.length === 0 || (inOrder && candidates.length === 1)) return { kind: 'walk' };
  const counts = await countCandidates(from, candidates, fewRuns + 1);
  const smallest = counts.indexOf(Math.min(...counts));
  const narrow = candidates[smallest];
  if (narrow !== undefined && (counts[smallest] ?? 0) <= fewRuns) return { kind: 'few', runs: await readCandidates(from, narrow) };
  // Any other order sorts all that it finds.
  const sorted = stage.facts === undefined && !isByStart(orders);
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

/** The runs that one part of the search leaves, when they are few. */
export async function fewOf({ from, criteria, context }: Search): Promise<readonly number[] | undefined> {
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
