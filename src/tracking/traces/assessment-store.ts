import type { Json } from '#kernel/canonical-json.ts';
import type { Queryable } from '#kernel/database/index.ts';
import type { Assessment, AssessmentContent, AssessmentError, AssessmentSourceKind } from './model.ts';
import type { AssessmentRow, TraceTables } from './tables.ts';

export function assessmentRow(trace: number, assessment: Assessment): AssessmentRow {
  const { content } = assessment;
  const value = content.kind === 'issue' ? content.issue : content.value;
  return {
    trace,
    id: assessment.id,
    name: assessment.name,
    kind: content.kind,
    value: JSON.stringify(value),
    number: content.kind === 'issue' ? null : figureOf(content.value),
    error: content.kind === 'feedback' && content.error !== undefined ? JSON.stringify(content.error) : null,
    source_kind: assessment.source.kind,
    source_id: assessment.source.id,
    span: assessment.span ?? null,
    rationale: assessment.rationale ?? null,
    metadata: JSON.stringify(assessment.metadata),
    overrides: assessment.overrides ?? null,
    valid: assessment.valid ? 1 : 0,
    created_at: assessment.createdAt,
    updated_at: assessment.updatedAt,
  };
}

/** A judge's yes counts 1 and a no 0, as a truth does. */
function figureOf(value: Json): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  return word === 'yes' ? 1 : word === 'no' ? 0 : null;
}

function assessmentOf(row: AssessmentRow): Assessment {
  return {
    id: row.id,
    name: row.name,
    content: contentOf(row),
    source: { kind: row.source_kind as AssessmentSourceKind, id: row.source_id },
    span: row.span ?? undefined,
    rationale: row.rationale ?? undefined,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    overrides: row.overrides ?? undefined,
    valid: row.valid === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Only `assessmentRow` writes these columns. */
function contentOf({ kind, value, error }: AssessmentRow): AssessmentContent {
  const read = JSON.parse(value) as Json;
  if (kind === 'issue') return { kind, issue: typeof read === 'string' ? read : value };
  if (kind === 'expectation') return { kind, value: read };
  return { kind: 'feedback', value: read, ...(error === null ? {} : { error: JSON.parse(error) as AssessmentError }) };
}

export async function upsertAssessments(tx: Queryable, rows: readonly AssessmentRow[]): Promise<void> {
  for (const row of rows) {
    const { trace: _, id: __, created_at: ___, ...change } = row;
    await tx
      .query<TraceTables>()
      .insertInto('trace_assessments')
      .values(row)
      .onConflict((conflict) => conflict.columns(['trace', 'id']).doUpdateSet(change))
      .execute();
  }
}

export async function findAssessment(from: Queryable, trace: number, id: string): Promise<Assessment | undefined> {
  const row = await from
    .query<TraceTables>()
    .selectFrom('trace_assessments')
    .selectAll()
    .where('trace', '=', trace)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : assessmentOf(row);
}

/** Marks an assessment as valid or not; false when there is none. */
export async function markAssessment(tx: Queryable, at: { trace: number; id: string }, valid: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .query<TraceTables>()
    .updateTable('trace_assessments')
    .set({ valid: valid ? 1 : 0 })
    .where('trace', '=', at.trace)
    .where('id', '=', at.id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function removeAssessment(tx: Queryable, trace: number, id: string): Promise<void> {
  await tx.query<TraceTables>().deleteFrom('trace_assessments').where('trace', '=', trace).where('id', '=', id).execute();
}

/** Assessments by trace, the oldest first. */
export async function readAssessments(from: Queryable, traces: readonly number[]): Promise<ReadonlyMap<number, Assessment[]>> {
  const found = new Map<number, Assessment[]>();
  if (traces.length === 0) return found;
  const rows = await from
    .query<TraceTables>()
    .selectFrom('trace_assessments')
    .selectAll()
    .where('trace', 'in', traces)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  for (const row of rows) found.set(row.trace, [...(found.get(row.trace) ?? []), assessmentOf(row)]);
  return found;
}
