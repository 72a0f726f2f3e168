import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { sortKey } from '../store.ts';
import {
  type AttributeName,
  type ComparisonOperator,
  type Condition,
  type DatasetFieldName,
  type Field,
  type FilterValue,
  numericAttributes,
} from './filter.ts';

type Sql = RawBuilder<SqlBool>;

/** What compiling needs: the dialect, and the number of a metric, parameter or tag; undefined when the project has none of that name. */
export interface CompileContext {
  readonly dialect: DialectName;
  numberOf(field: { readonly kind: 'metric' | 'parameter' | 'tag'; readonly name: string }): number | undefined;
}

const nothing = sql<SqlBool>`1 = 0`;
const everything = sql<SqlBool>`1 = 1`;

/** The only operators that reach the database; all values are parameters. */
const comparisons = { '=': sql`=`, '!=': sql`<>`, '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const;

export const attributeColumns: Readonly<Record<AttributeName, RawBuilder<string | number>>> = {
  id: sql`runs.id`,
  name: sql`runs.name`,
  state: sql`runs.state`,
  experiment: sql`experiments.name`,
  startedAt: sql`runs.started_at`,
  finishedAt: sql`runs.finished_at`,
  duration: sql`(runs.finished_at - runs.started_at)`,
  user: sql`runs.started_by_name`,
  commit: sql`runs.git_commit`,
  pipelineRun: sql`runs.pipeline_run`,
  parentRun: sql`runs.parent_run`,
  codeDigest: sql`runs.code_digest`,
  environmentDigest: sql`runs.environment_digest`,
  computeTarget: sql`runs.compute_target`,
  cpuMs: sql`runs.cpu_ms`,
  peakMemoryBytes: sql`runs.peak_memory_bytes`,
};

const datasetColumns: Readonly<Record<DatasetFieldName, RawBuilder<string | number>>> = {
  name: sql`f.dataset`,
  digest: sql`f.digest`,
  snapshot: sql`nullif(f.snapshot, 0)`,
  context: sql`f.context`,
};

/** The condition over `runs` joined with `experiments`. */
export function compileCondition(condition: Condition, context: CompileContext): Sql {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return sql`(${sql.join(
        condition.of.map((part) => compileCondition(part, context)),
        condition.kind === 'and' ? sql` and ` : sql` or `,
      )})`;
    case 'not':
      // A comparison with a missing attribute is unknown in SQL; its opposite is to hold.
      return sql`(not coalesce(${compileCondition(condition.of, context)}, ${nothing}))`;
    case 'compare':
      return compileTest(condition.field, context, (side) => compare(side, condition.operator, condition.value));
    case 'in':
      return compileTest(condition.field, context, (side) => isIn(side, condition.values, condition.negated));
    case 'missing':
      break;
  }
  return compileMissing(condition.field, condition.negated, context);
}

/** How a value is stored: `text` is always there; `number` where it can be compared as one; `key` is its indexed beginning. */
interface Side {
  readonly dialect: DialectName;
  readonly text: RawBuilder<unknown>;
  readonly key?: RawBuilder<unknown>;
  readonly number?: RawBuilder<unknown>;
  /** A row without a number differs from every number: it is NaN, or a text. */
  readonly differs?: true;
}

function compileTest(field: Field, context: CompileContext, test: (side: Side) => Sql): Sql {
  const { dialect } = context;
  if (field.kind === 'attribute') {
    const column = attributeColumns[field.name];
    return test(numericAttributes.has(field.name) ? { dialect, text: column, number: column } : { dialect, text: column });
  }
  if (field.kind === 'dataset') {
    const column = datasetColumns[field.name];
    const side = field.name === 'snapshot' ? { dialect, text: column, number: column } : { dialect, text: column };
    return sql`exists (select 1 from run_inputs as f where f.run = runs.number and ${test(side)})`;
  }
  const number = context.numberOf(field);
  if (number === undefined) return nothing;
  return sql`exists (select 1 ${factsOf(field.kind, number)} and f.run = runs.number and ${test(sideOf(field.kind, dialect))})`;
}

function factsOf(kind: 'metric' | 'parameter' | 'tag', number: number): RawBuilder<unknown> {
  if (kind === 'metric') return sql`from metric_latest as f where f.metric = ${number}`;
  if (kind === 'parameter') return sql`from run_parameters as f where f.parameter = ${number}`;
  return sql`from run_tags as f where f.tag = ${number}`;
}

function sideOf(kind: 'metric' | 'parameter' | 'tag', dialect: DialectName): Side {
  if (kind === 'metric') return { dialect, text: sql`f.value`, number: sql`f.value`, differs: true };
  const text = { dialect, text: sql`f.value`, key: sql`f.sort_key` };
  return kind === 'parameter' ? { ...text, number: sql`f.number`, differs: true } : text;
}

/**
 * Selects the runs of one comparison by its index, at most `limit`; undefined when no index serves it. A caller that finds
 * few can look at those alone.
 */
export function compileProbe(condition: Condition, context: CompileContext, limit: number): RawBuilder<{ run: number }> | undefined {
  if (condition.kind !== 'compare' || condition.operator === '!=' || condition.operator === 'like' || condition.operator === 'ilike')
    return undefined;
  const { field, operator, value } = condition;
  if (field.kind === 'attribute' || field.kind === 'dataset') return undefined;
  const number = context.numberOf(field);
  if (number === undefined) return undefined;
  return sql`select f.run as run ${factsOf(field.kind, number)} and ${compare(sideOf(field.kind, context.dialect), operator, value)} limit ${limit}`;
}

function compileMissing(field: Field, negated: boolean, context: CompileContext): Sql {
  if (field.kind === 'attribute')
    return negated ? sql`${attributeColumns[field.name]} is not null` : sql`${attributeColumns[field.name]} is null`;
  const there = compileTest(field, context, (side) => (field.kind === 'dataset' ? sql`${side.text} is not null` : everything));
  return negated ? there : sql`(not ${there})`;
}

function compare(side: Side, operator: ComparisonOperator, value: FilterValue): Sql {
  if (operator === 'like' || operator === 'ilike') return compileLike(side, operator, String(value));
  const comparison = comparisons[operator];
  if (typeof value === 'number' && side.number !== undefined) {
    if (!Number.isNaN(value)) {
      // Without the cast PostgreSQL takes 0.5 for a whole number where the column holds whole numbers.
      const test = sql<SqlBool>`${side.number} ${comparison} cast(${value} as double precision)`;
      return operator === '!=' && side.differs === true ? sql`(${test} or ${side.number} is null)` : test;
    }
    return operator === '=' ? sql`${side.number} is null` : operator === '!=' ? sql`${side.number} is not null` : nothing;
  }
  const text = String(value);
  if (side.key === undefined) return sql`${side.text} ${comparison} ${text}`;
  // The indexed beginning decides unless both begin alike.
  if (operator === '=') return sql`(${side.key} = ${sortKey(text)} and ${side.text} = ${text})`;
  if (operator === '!=') return sql`${side.text} <> ${text}`;
  return sql`${side.key} ${comparison} ${sortKey(text)}`;
}

function isIn(side: Side, values: readonly FilterValue[], negated: boolean): Sql {
  const tests = values.map((value) => compare(side, negated ? '!=' : '=', value));
  return sql`(${sql.join(tests, negated ? sql` and ` : sql` or `)})`;
}

/** `like` minds case on both databases, `ilike` does not; `%` and `_` stand for any text and any character. */
function compileLike(side: Side, operator: 'like' | 'ilike', pattern: string): Sql {
  if (side.dialect === 'postgres')
    return operator === 'like' ? sql`${side.text} like ${pattern} escape ''` : sql`${side.text} ilike ${pattern} escape ''`;
  if (operator === 'ilike') return sql`${side.text} like ${pattern}`;
  // SQLite's like ignores case; its glob does not.
  const glob = pattern.replaceAll(/[*?[]/g, '[$&]').replaceAll('%', '*').replaceAll('_', '?');
  return sql`${side.text} glob ${glob}`;
}
