import type { Queryable } from '#kernel/database/index.ts';
import { type Facts, factsFormat } from './facts.ts';
import type { Assessment, RecordedAssessment } from './model.ts';

interface Tables {
  maturity_facts: { project: string; format: number; up_to: number; facts: string };
  assessments: { id: string; project: string; up_to: number; computed_at: number; assessment: string };
}

/** Stored facts in the present format; older ones are folded anew. */
export async function readFacts(from: Queryable, project: string): Promise<Facts | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('maturity_facts')
    .select('facts')
    .where('project', '=', project)
    .where('format', '=', factsFormat)
    .executeTakeFirst();
  // Written by `writeFacts` in this very format.
  return row === undefined ? undefined : (JSON.parse(row.facts) as Facts);
}

/** Keeps the facts unless another server has folded further. */
export async function writeFacts(tx: Queryable, facts: Facts): Promise<void> {
  const values = { format: factsFormat, up_to: facts.upTo, facts: JSON.stringify(facts) };
  await tx
    .query<Tables>()
    .insertInto('maturity_facts')
    .values({ project: facts.project, ...values })
    .onConflict((conflict) =>
      conflict
        .column('project')
        .doUpdateSet(values)
        .where((where) => where.or([where('maturity_facts.up_to', '<', facts.upTo), where('maturity_facts.format', '!=', factsFormat)])),
    )
    .execute();
}

export async function insertAssessment(tx: Queryable, { id, assessment }: RecordedAssessment): Promise<void> {
  const { project, upTo, at } = assessment;
  const row = { id, project, up_to: upTo, computed_at: at, assessment: JSON.stringify(assessment) };
  await tx.query<Tables>().insertInto('assessments').values(row).execute();
}

/** Recorded assessments, the newest first; `upTo`: only those that looked no further. */
export async function listAssessments(
  from: Queryable,
  project: string,
  filter: { readonly limit: number; readonly upTo?: number | undefined },
): Promise<RecordedAssessment[]> {
  let select = from.query<Tables>().selectFrom('assessments').selectAll().where('project', '=', project);
  if (filter.upTo !== undefined) select = select.where('up_to', '<=', filter.upTo);
  const rows = await select.orderBy('up_to', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return rows.map(toRecorded);
}

export async function findAssessment(from: Queryable, project: string, id: string): Promise<RecordedAssessment | undefined> {
  const select = from.query<Tables>().selectFrom('assessments').selectAll().where('project', '=', project).where('id', '=', id);
  const row = await select.executeTakeFirst();
  return row === undefined ? undefined : toRecorded(row);
}

// Written by `insertAssessment` from an Assessment; members that are undefined are absent in JSON.
const toRecorded = (row: { id: string; assessment: string }): RecordedAssessment => ({
  id: row.id,
  assessment: JSON.parse(row.assessment) as Assessment,
});
