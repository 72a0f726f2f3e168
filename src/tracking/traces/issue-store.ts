import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { compileFilter, type SearchableFields } from '../search/index.ts';
import type { Filter } from '../search/filter-tree.ts';
import type { IssueRow, TraceTables } from './tables.ts';

export type LabelledIssueRow = IssueRow & { readonly experiment_sequence: number; readonly traces: number };

const fields: SearchableFields = {
  row: 'trace_issues.number',
  attributes: {
    status: { type: 'text', column: 'trace_issues.status' },
    source_run_id: { type: 'text', column: 'trace_issues.source_run', nullable: true },
    'id issue_id': { type: 'text', column: 'trace_issues.id' },
    name: { type: 'text', column: 'trace_issues.name' },
    severity: { type: 'text', column: 'trace_issues.severity', nullable: true },
  },
};

export async function insertIssue(tx: Queryable, issue: Omit<IssueRow, 'number'>): Promise<void> {
  // `number` is counted up by the database, which the shared table type does not say.
  await tx.query<{ trace_issues: Omit<IssueRow, 'number'> & { number?: number } }>().insertInto('trace_issues').values(issue).execute();
}

export async function updateIssue(tx: Queryable, id: string, change: Partial<IssueRow>): Promise<void> {
  await tx.query<TraceTables>().updateTable('trace_issues').set(change).where('id', '=', id).execute();
}

export interface IssueCriteria {
  readonly project: string;
  readonly id?: string | undefined;
  readonly experiment?: number | undefined;
  readonly filter?: Filter | undefined;
  readonly after?: { readonly createdAt: number; readonly number: number } | undefined;
  readonly limit: number;
}

/** Issues, the newest first, each with how many traces show it. */
export async function findIssues(
  from: Queryable,
  { project, id, experiment, filter, after, limit }: IssueCriteria,
): Promise<LabelledIssueRow[]> {
  const tests = [sql`trace_issues.project = ${project}`, compileFilter(filter, fields, from.dialect)];
  if (id !== undefined) tests.push(sql`trace_issues.id = ${id}`);
  if (experiment !== undefined) tests.push(sql`trace_issues.experiment = ${experiment}`);
  if (after !== undefined)
    tests.push(sql`(trace_issues.created_at, trace_issues.number) < (cast(${after.createdAt} as bigint), cast(${after.number} as bigint))`);
  const { rows } = await sql<LabelledIssueRow>`select trace_issues.*, experiments.sequence as experiment_sequence,
      (select count(distinct a.trace) from trace_assessments as a join traces on traces.number = a.trace
        where a.kind = 'issue' and a.name = trace_issues.id and traces.project = trace_issues.project) as traces
    from trace_issues join experiments on experiments.number = trace_issues.experiment
    where ${sql.join(tests, sql` and `)} order by trace_issues.created_at desc, trace_issues.number desc limit ${limit}`.execute(
    from.query(),
  );
  return rows;
}
