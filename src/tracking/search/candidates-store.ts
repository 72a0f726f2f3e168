import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { sortKey } from '../store.ts';
import { compareLike, compareText, isOneOf } from './compare-store.ts';
import { compare, type CompileContext, factsOf, isIn, sideOf } from './condition-store.ts';
import type { Condition, Field, FilterValue } from './filter.ts';
import type { RunCriteria } from './criteria-store.ts';

/** Selects, by an index, all runs that one part of a search fits; as a column `run`. */
export type Candidates = RawBuilder<{ run: number }>;

/** Every part of the search that an index can answer alone. */
export function candidatesOf({ condition, experiments }: RunCriteria, context: CompileContext): Candidates[] {
  const parts = (condition === undefined ? [] : conjuncts(condition)).flatMap((part) => candidatesFor(part, context) ?? []);
  if (experiments === undefined || experiments.length === 0) return parts;
  return [sql`select r.number as run from runs as r where ${isOneOf(sql`r.experiment`, experiments, context.dialect)}`, ...parts];
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.of.flatMap(conjuncts) : [condition];
}

const indexedAttributes = { id: sql`r.id`, pipelineRun: sql`r.pipeline_run`, parentRun: sql`r.parent_run` } as const;

function candidatesFor(condition: Condition, context: CompileContext): Candidates | undefined {
  if (condition.kind === 'or') {
    const parts = condition.of.map((part) => candidatesFor(part, context));
    const known = parts.filter((part) => part !== undefined);
    return known.length === parts.length ? sql`${sql.join(known, sql` union all `)}` : undefined;
  }
  if (condition.kind === 'and') return condition.of.map((part) => candidatesFor(part, context)).find((part) => part !== undefined);
  if (condition.kind === 'in') return condition.negated ? undefined : equalTo(condition, condition.values, context);
  if (condition.kind !== 'compare' || condition.operator === '!=' || condition.operator === 'ilike') return undefined;
  const { field, operator, value } = condition;
  if (operator === 'like') return beginningLike(field, String(value), context);
  if (operator === '=' && (field.kind === 'attribute' || field.kind === 'dataset')) return equalTo(condition, [value], context);
  if (field.kind === 'attribute' || field.kind === 'dataset') return undefined;
  const number = context.numberOf(field);
  if (number === undefined) return undefined;
  return sql`select f.run as run ${factsOf(field.kind, number)} and ${compare(sideOf(field.kind, context.dialect), operator, value)}`;
}

/** Texts that begin as the pattern does lie together in the index. */
function beginningLike(field: Field, pattern: string, context: CompileContext): Candidates | undefined {
  const [begin = ''] = sortKey(pattern).split(/[%_]/, 1);
  const number = field.kind === 'parameter' || field.kind === 'tag' ? context.numberOf(field) : undefined;
  if (begin === '' || number === undefined || (field.kind !== 'parameter' && field.kind !== 'tag')) return undefined;
  // The last code point of all stands behind every text that goes on.
  const end = `${begin}\u{10ffff}`;
  return sql`select f.run as run ${factsOf(field.kind, number)} and f.sort_key >= ${begin} and f.sort_key < ${end}
    and ${compareLike(sql`f.value`, 'like', pattern, context.dialect)}`;
}

function equalTo(
  { field }: Extract<Condition, { kind: 'in' | 'compare' }>,
  values: readonly FilterValue[],
  context: CompileContext,
): Candidates | undefined {
  const { dialect } = context;
  if (field.kind === 'attribute') {
    const column = indexedAttributes[field.name as keyof typeof indexedAttributes] as RawBuilder<unknown> | undefined;
    return column === undefined
      ? undefined
      : sql`select r.number as run from runs as r where ${isOneOf(column, values.map(String), dialect)}`;
  }
  if (field.kind === 'dataset') {
    const [name, ...more] = values;
    if (field.name !== 'name' || typeof name !== 'string' || more.length > 0) return undefined;
    return sql`select i.run as run from run_inputs as i where ${compareText(sql`i.dataset`, '=', name)}`;
  }
  const number = context.numberOf(field);
  if (number === undefined) return undefined;
  return sql`select f.run as run ${factsOf(field.kind, number)} and ${isIn(sideOf(field.kind, dialect), values, false)}`;
}

/** How many runs each finds, counted no further than `limit`. */
export async function countCandidates(from: Queryable, candidates: readonly Candidates[], limit: number): Promise<readonly number[]> {
  const counts = candidates.map((each, index) => sql`(select count(*) from (${each} limit ${limit}) as c) as ${sql.ref(`c${index}`)}`);
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(from.query());
  return candidates.map((_, index) => rows[0]?.[`c${index}`] ?? limit);
}

export async function readCandidates(from: Queryable, candidates: Candidates): Promise<number[]> {
  const { rows } = await candidates.execute(from.query());
  return [...new Set(rows.map(({ run }) => run))];
}
