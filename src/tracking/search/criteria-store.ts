import { type RawBuilder, sql } from 'kysely';
import { isOneOf, nothing, type Test } from './compare-store.ts';
import { compileCondition, type CompileContext } from './condition-store.ts';
import type { Condition } from './filter.ts';

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

/** The tests that a run of `runs` must stand. */
export function criteriaOf(criteria: RunCriteria, context: CompileContext): Test[] {
  return [...placeTests(criteria, context), ...contentTests(criteria, context)];
}

/**
 * Where the run is. SQLite keeps no statistics, so it is told which of its indexes not to use: the one of the project for a single
 * experiment, the one of experiments when runs are walked through in the order of the project (`walked`).
 */
export function placeTests(criteria: RunCriteria, { dialect }: CompileContext, walked = false): Test[] {
  const { experiments, project } = criteria;
  const single = experiments?.length === 1;
  const told = (column: RawBuilder<unknown>, unused: boolean) => (dialect === 'sqlite' && unused ? sql`+${column}` : column);
  const tests: Test[] = [sql`${told(sql`runs.project`, single)} = ${project}`];
  if (experiments !== undefined) tests.push(isOneOf(told(sql`runs.experiment`, walked && !single), experiments, dialect));
  if (criteria.lifecycle !== 'all')
    tests.push(criteria.lifecycle === 'active' ? sql`runs.deleted_at is null` : sql`runs.deleted_at is not null`);
  return tests;
}

/** What the run says. */
export function contentTests({ states, text, condition }: RunCriteria, context: CompileContext): Test[] {
  const tests: Test[] = [];
  if (states !== undefined) tests.push(states.length === 0 ? nothing : isOneOf(sql`runs.state`, states, context.dialect));
  if (text !== undefined) tests.push(textTest(text, context));
  if (condition !== undefined) tests.push(compileCondition(condition, context));
  return tests;
}

function textTest(text: string, { dialect }: CompileContext): Test {
  const literal = text.replaceAll(/[\\%_]/g, '\\$&');
  const like = dialect === 'postgres' ? sql`ilike` : sql`like`;
  const begins = `${literal}%`;
  return sql`(runs.name ${like} ${`%${literal}%`} escape '\\' or runs.id like ${begins} escape '\\' or runs.git_commit like ${begins} escape '\\')`;
}
