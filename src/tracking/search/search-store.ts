import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { LabelledRunRow } from '../run-store.ts';
import { attributeColumns, type CompileContext, compileCondition, compileProbe } from './condition-store.ts';
import type { AttributeName, Condition } from './filter.ts';
import type { RunOrder } from './order.ts';
import type { Place } from './page-token.ts';

export type Lifecycle = 'active' | 'deleted' | 'all';

export interface RunCriteria {
  readonly project: string;
  /** Numbers of experiments; all when left out. */
  readonly experiments?: readonly number[] | undefined;
  readonly states?: readonly string[] | undefined;
  /** Part of the name, or the beginning of the id or the commit. */
  readonly text?: string | undefined;
  readonly condition?: Condition | undefined;
  readonly lifecycle: Lifecycle;
}

/** A stretch of the order: rows that have a sort key, or those that are behind them because they have none. */
interface Stage {
  /** Joined by number when the key lies in a table of facts. */
  readonly facts?: RawBuilder<unknown>;
  readonly where: RawBuilder<SqlBool>;
  readonly key?: RawBuilder<string | number>;
}

export interface FoundRun {
  readonly row: LabelledRunRow;
  readonly place: Place;
}

/** At most so many runs are looked at one by one when a comparison finds few. */
const fewRuns = 1000;

/**
 * One page of runs after `place`. Rows without the key come last, whichever way the order goes; NaN comes before them. Rows
 * of equal key are ordered by number in the same direction.
 */
export async function searchRuns(
  from: Queryable,
  criteria: RunCriteria,
  page: {
    readonly order: RunOrder;
    readonly context: CompileContext;
    readonly after?: Place | undefined;
    readonly skip?: number | undefined;
    readonly limit: number;
  },
): Promise<FoundRun[]> {
  const stages = stagesOf(page.order, page.context);
  const few = await probe(from, criteria.condition, page.context);
  const where = [
    ...criteriaOf(criteria, page.context),
    ...(few === undefined ? [] : [few.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`runs.number in (${sql.join(few)})`]),
  ];
  const found: FoundRun[] = [];
  let skip = page.after === undefined ? (page.skip ?? 0) : 0;
  for (let index = page.after?.stage ?? 0; index < stages.length && found.length < page.limit; index++) {
    const stage = stages[index];
    if (stage === undefined) break;
    const after = page.after?.stage === index ? page.after : undefined;
    const rows = await selectStage(from, stage, {
      where,
      after,
      skip,
      descending: page.order.descending,
      limit: page.limit - found.length,
    });
    if (skip > 0) skip = rows.length > 0 ? 0 : Math.max(0, skip - (await countStage(from, stage, where)));
    for (const { sort_key: key, ...row } of rows) found.push({ row, place: { stage: index, key: key ?? undefined, number: row.number } });
  }
  return found;
}

export async function countRuns(from: Queryable, criteria: RunCriteria, context: CompileContext): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from runs join experiments on experiments.number = runs.experiment
    where ${sql.join(criteriaOf(criteria, context), sql` and `)}`.execute(from.query());
  return rows[0]?.count ?? 0;
}

function selectStage(
  from: Queryable,
  stage: Stage,
  part: { where: readonly RawBuilder<SqlBool>[]; after: Place | undefined; skip: number; descending: boolean; limit: number },
): Promise<(LabelledRunRow & { sort_key: string | number | null })[]> {
  const { after, descending } = part;
  const tests = [stage.where, ...part.where];
  if (after !== undefined) tests.push(behind(stage, after, descending));
  const direction = descending ? sql`desc` : sql`asc`;
  const order = stage.key === undefined ? sql`runs.number ${direction}` : sql`${stage.key} ${direction}, runs.number ${direction}`;
  // A cross join keeps SQLite from walking all runs first when the order comes from an index of the facts.
  const base = stage.facts === undefined ? sql`runs` : sql`${stage.facts} cross join runs`;
  return sql<
    LabelledRunRow & { sort_key: string | number | null }
  >`select runs.*, experiments.id as experiment_id, experiments.name as experiment_name,
    experiments.sequence as experiment_sequence, experiments.artifact_location as experiment_location,
    ${stage.key ?? sql`null`} as sort_key from ${base} join experiments on experiments.number = runs.experiment
    where ${sql.join(tests, sql` and `)} order by ${order} limit ${part.limit}${part.skip === 0 ? sql`` : sql` offset ${part.skip}`}`
    .execute(from.query())
    .then((result) => result.rows);
}

async function countStage(from: Queryable, stage: Stage, where: readonly RawBuilder<SqlBool>[]): Promise<number> {
  const base = stage.facts === undefined ? sql`runs` : sql`${stage.facts} cross join runs`;
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from ${base} join experiments on experiments.number = runs.experiment
    where ${sql.join([stage.where, ...where], sql` and `)}`.execute(from.query());
  return rows[0]?.count ?? 0;
}

function behind(stage: Stage, after: Place, descending: boolean): RawBuilder<SqlBool> {
  const sign = descending ? sql`<` : sql`>`;
  if (stage.key === undefined || after.key === undefined) return sql`runs.number ${sign} ${after.number}`;
  const key = typeof after.key === 'number' ? sql`cast(${after.key} as double precision)` : sql`${after.key}`;
  return sql`(${stage.key}, runs.number) ${sign} (${key}, cast(${after.number} as bigint))`;
}

function stagesOf({ field }: RunOrder, context: CompileContext): Stage[] {
  if (field.kind === 'attribute') return attributeStages(field.name);
  const number = context.numberOf(field);
  const missing = (table: RawBuilder<unknown>, column: RawBuilder<unknown>): Stage => ({
    where: sql`not exists (select 1 from ${table} as m where m.run = runs.number and m.${column} = ${number})`,
  });
  if (number === undefined) return [{ where: sql`1 = 1` }];
  if (field.kind === 'metric') {
    const facts = sql`metric_latest as o`;
    const mine = sql<SqlBool>`o.metric = ${number} and o.run = runs.number`;
    return [
      { facts, where: sql`${mine} and o.value is not null`, key: sql`o.value` },
      { facts, where: sql`${mine} and o.value is null` },
      missing(sql`metric_latest`, sql`metric`),
    ];
  }
  if (field.kind === 'parameter') {
    const facts = sql`run_parameters as o`;
    const mine = sql<SqlBool>`o.parameter = ${number} and o.run = runs.number`;
    return [
      { facts, where: sql`${mine} and o.number is not null`, key: sql`o.number` },
      { facts, where: sql`${mine} and o.number is null`, key: sql`o.sort_key` },
      missing(sql`run_parameters`, sql`parameter`),
    ];
  }
  return [
    { facts: sql`run_tags as o`, where: sql`o.tag = ${number} and o.run = runs.number`, key: sql`o.sort_key` },
    missing(sql`run_tags`, sql`tag`),
  ];
}

const alwaysThere = new Set<AttributeName>(['id', 'name', 'state', 'experiment', 'startedAt', 'user', 'computeTarget']);

function attributeStages(name: AttributeName): Stage[] {
  const key = attributeColumns[name];
  if (alwaysThere.has(name)) return [{ where: sql`1 = 1`, key }];
  return [{ where: sql`${key} is not null`, key }, { where: sql`${key} is null` }];
}

/** The tests that a run of `runs` joined with `experiments` must stand. */
export function criteriaOf(criteria: RunCriteria, context: CompileContext): RawBuilder<SqlBool>[] {
  const tests: RawBuilder<SqlBool>[] = [sql`runs.project = ${criteria.project}`];
  if (criteria.lifecycle !== 'all')
    tests.push(criteria.lifecycle === 'active' ? sql`runs.deleted_at is null` : sql`runs.deleted_at is not null`);
  if (criteria.experiments !== undefined) tests.push(oneOf(sql`runs.experiment`, criteria.experiments));
  if (criteria.states !== undefined) tests.push(oneOf(sql`runs.state`, criteria.states));
  if (criteria.text !== undefined) tests.push(textTest(criteria.text, context));
  if (criteria.condition !== undefined) tests.push(compileCondition(criteria.condition, context));
  return tests;
}

function oneOf(column: RawBuilder<unknown>, values: readonly (string | number)[]): RawBuilder<SqlBool> {
  return values.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(values)})`;
}

function textTest(text: string, { dialect }: CompileContext): RawBuilder<SqlBool> {
  const literal = text.replaceAll(/[\\%_]/g, '\\$&');
  const like = dialect === 'postgres' ? sql`ilike` : sql`like`;
  const begins = `${literal}%`;
  return sql`(runs.name ${like} ${`%${literal}%`} escape '\\' or runs.id like ${begins} escape '\\' or runs.git_commit like ${begins} escape '\\')`;
}

/** The runs that the narrowest comparison of an `and` finds, when they are few. */
async function probe(from: Queryable, condition: Condition | undefined, context: CompileContext): Promise<number[] | undefined> {
  if (condition === undefined) return undefined;
  for (const part of condition.kind === 'and' ? condition.of : [condition]) {
    const select = compileProbe(part, context, fewRuns + 1);
    if (select === undefined) continue;
    const { rows } = await select.execute(from.query());
    if (rows.length <= fewRuns) return rows.map((row) => row.run);
  }
  return undefined;
}
