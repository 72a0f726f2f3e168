import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import { type LabelledRunRow, readRunRows } from '../runs/run-store.ts';
import { fewOf, wayOf } from './choose-way-store.ts';
import { isOneOf } from './compare-store.ts';
import type { CompileContext } from './condition-store.ts';
import { contentTests, criteriaOf, type RunCriteria } from './criteria-store.ts';
import { type Keyset, keysetOf } from './keyset-store.ts';
import type { RunOrder } from './order.ts';
import type { Place } from './place.ts';
import { type Stage, stagesOf } from './run-stage-store.ts';
import { base, baseTests, type Search, type Way } from './way-store.ts';

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
