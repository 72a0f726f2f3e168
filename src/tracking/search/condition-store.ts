import { type RawBuilder, sql } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { sortKey } from '../store.ts';
import { compareLike, compareNumber, compareText, compareWhole, everything, isOneOf, nothing, type Test } from './compare-store.ts';
import {
  type AttributeName,
  type ComparisonOperator,
  type Condition,
  type DatasetFieldName,
  type Field,
  type FilterValue,
  numericAttributes,
} from './filter.ts';

/** What compiling needs: the dialect, and the number of a metric, parameter or tag; undefined when the project has none of that name. */
export interface CompileContext {
  readonly dialect: DialectName;
  numberOf(field: { readonly kind: 'metric' | 'parameter' | 'tag'; readonly name: string }): number | undefined;
}

export const attributeColumns: Readonly<Record<AttributeName, RawBuilder<string | number>>> = {
  id: sql`runs.id`,
  name: sql`runs.name`,
  state: sql`runs.state`,
  experiment: sql`(select e.name from experiments as e where e.number = runs.experiment)`,
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

const address = sql`(select rtrim(coalesce(e.artifact_location, 'mlflow-artifacts:/' || cast(e.sequence as text)), '/') || '/' || runs.id || '/artifacts'
  from experiments as e where e.number = runs.experiment)`;

/** The condition over `runs`. */
export function compileCondition(condition: Condition, context: CompileContext): Test {
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
    case 'address':
      return compare({ dialect: context.dialect, text: address }, condition.operator, condition.value);
    case 'missing':
      break;
  }
  return compileMissing(condition.field, condition.negated, context);
}

/** How a value is stored: `text` is always there; `number` where it can be compared as one; `key` is its indexed beginning. */
export interface Side {
  readonly dialect: DialectName;
  readonly text: RawBuilder<unknown>;
  readonly key?: RawBuilder<unknown>;
  readonly number?: RawBuilder<unknown>;
  /** `number` is a column of whole numbers. */
  readonly whole?: true;
  /** A row without a number differs from every number: it is NaN, or a text. */
  readonly differs?: true;
}

const wholeAttributes = new Set<AttributeName>(['startedAt', 'finishedAt', 'duration', 'peakMemoryBytes']);

function compileTest(field: Field, context: CompileContext, test: (side: Side) => Test): Test {
  const { dialect } = context;
  if (field.kind === 'attribute') {
    const column = attributeColumns[field.name];
    const whole = wholeAttributes.has(field.name) ? ({ whole: true } as const) : {};
    return test(numericAttributes.has(field.name) ? { dialect, text: column, number: column, ...whole } : { dialect, text: column });
  }
  if (field.kind === 'dataset') {
    const column = datasetColumns[field.name];
    const side: Side = field.name === 'snapshot' ? { dialect, text: column, number: column, whole: true } : { dialect, text: column };
    return sql`exists (select 1 from run_inputs as f where f.run = runs.number and ${test(side)})`;
  }
  const number = context.numberOf(field);
  if (number === undefined) return nothing;
  // A value of its own in place of `exists`: PostgreSQL would make a join of that, whose plan hangs on its statistics.
  return sql`coalesce((select ${test(sideOf(field.kind, dialect))} ${factsOf(field.kind, number)} and f.run = runs.number), ${nothing})`;
}

/** From which table one metric, parameter or tag comes; the table is called `f`. */
export function factsOf(kind: 'metric' | 'parameter' | 'tag', number: number): RawBuilder<unknown> {
  if (kind === 'metric') return sql`from metric_latest as f where f.metric = ${number}`;
  if (kind === 'parameter') return sql`from run_parameters as f where f.parameter = ${number}`;
  return sql`from run_tags as f where f.tag = ${number}`;
}

export function sideOf(kind: 'metric' | 'parameter' | 'tag', dialect: DialectName): Side {
  if (kind === 'metric') return { dialect, text: sql`f.value`, number: sql`f.value`, differs: true };
  const text = { dialect, text: sql`f.value`, key: sql`f.sort_key` };
  return kind === 'parameter' ? { ...text, number: sql`f.number`, differs: true } : text;
}

function compileMissing(field: Field, negated: boolean, context: CompileContext): Test {
  if (field.kind === 'attribute')
    return negated ? sql`${attributeColumns[field.name]} is not null` : sql`${attributeColumns[field.name]} is null`;
  const there = compileTest(field, context, (side) => (field.kind === 'dataset' ? sql`${side.text} is not null` : everything));
  return negated ? there : sql`(not ${there})`;
}

export function compare(side: Side, operator: ComparisonOperator, value: FilterValue): Test {
  if (operator === 'like' || operator === 'ilike') return compareLike(side.text, operator, String(value), side.dialect);
  if (typeof value === 'number' && side.number !== undefined) {
    if (!Number.isNaN(value)) {
      const test = (side.whole === true ? compareWhole : compareNumber)(side.number, operator, value);
      return operator === '!=' && side.differs === true ? sql`(${test} or ${side.number} is null)` : test;
    }
    return operator === '=' ? sql`${side.number} is null` : operator === '!=' ? sql`${side.number} is not null` : nothing;
  }
  const text = String(value);
  if (side.key === undefined) return compareText(side.text, operator, text);
  // The indexed beginning decides unless both begin alike.
  if (operator === '=') return sql`(${compareText(side.key, '=', sortKey(text))} and ${compareText(side.text, '=', text)})`;
  if (operator === '!=') return compareText(side.text, '!=', text);
  return compareText(side.key, operator, sortKey(text));
}

export function isIn(side: Side, values: readonly FilterValue[], negated: boolean): Test {
  if (values.length === 0) return negated ? everything : nothing;
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length === values.length && values.length > 1) {
    const one = isOneOf(side.text, texts, side.dialect);
    if (negated) return sql`(not ${one})`;
    const keys = [...new Set(texts.map(sortKey))];
    return side.key === undefined ? one : sql`(${isOneOf(side.key, keys, side.dialect)} and ${one})`;
  }
  const tests = values.map((value) => compare(side, negated ? '!=' : '=', value));
  return sql`(${sql.join(tests, negated ? sql` and ` : sql` or `)})`;
}
