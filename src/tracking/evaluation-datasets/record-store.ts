import type { Queryable } from '#kernel/database/index.ts';
import type { Json } from '#kernel/canonical-json.ts';
import type { EvaluationRecord, Fields, RecordSource } from './model.ts';
import type { EvaluationTables, RecordRow } from './tables.ts';

const rowsAtOnce = 500;

export async function findRecords(from: Queryable, dataset: number, digests: readonly string[]): Promise<ReadonlyMap<string, RecordRow>> {
  const found = new Map<string, RecordRow>();
  for (let start = 0; start < digests.length; start += rowsAtOnce) {
    const rows = await from
      .query<EvaluationTables>()
      .selectFrom('evaluation_records')
      .selectAll()
      .where('dataset', '=', dataset)
      .where('input_digest', 'in', digests.slice(start, start + rowsAtOnce))
      .execute();
    for (const row of rows) found.set(row.input_digest, row);
  }
  return found;
}

/** The numbers are given by the database. */
export async function insertRecords(tx: Queryable, rows: readonly RecordRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    // `number` is counted up by the database, which the shared table type does not say.
    await tx
      .query<{ evaluation_records: Omit<RecordRow, 'number'> & { number?: number } }>()
      .insertInto('evaluation_records')
      .values(rows.slice(start, start + rowsAtOnce).map(({ number: _number, ...row }) => row))
      .execute();
  }
}

export async function updateRecord(tx: Queryable, { number, ...change }: RecordRow): Promise<void> {
  await tx.query<EvaluationTables>().updateTable('evaluation_records').set(change).where('number', '=', number).execute();
}

export async function deleteRecords(tx: Queryable, dataset: number, ids: readonly string[]): Promise<number> {
  let deleted = 0;
  for (let start = 0; start < ids.length; start += rowsAtOnce) {
    const { numDeletedRows } = await tx
      .query<EvaluationTables>()
      .deleteFrom('evaluation_records')
      .where('dataset', '=', dataset)
      .where('id', 'in', ids.slice(start, start + rowsAtOnce))
      .executeTakeFirst();
    deleted += Number(numDeletedRows);
  }
  return deleted;
}

/** Records in the order in which they came, after a row number. */
export async function pageOfRecords(from: Queryable, dataset: number, page: { after: number; limit: number }): Promise<RecordRow[]> {
  return from
    .query<EvaluationTables>()
    .selectFrom('evaluation_records')
    .selectAll()
    .where('dataset', '=', dataset)
    .where('number', '>', page.after)
    .orderBy('number')
    .limit(page.limit)
    .execute();
}

/** Only the commands write the columns of JSON. */
export function recordOf(row: Omit<RecordRow, 'number'>): EvaluationRecord {
  return {
    id: row.id,
    inputs: JSON.parse(row.inputs) as Fields,
    outputs: row.outputs === null ? undefined : (JSON.parse(row.outputs) as Json),
    expectations: row.expectations === null ? undefined : (JSON.parse(row.expectations) as Fields),
    tags: JSON.parse(row.tags) as Record<string, string>,
    source: row.source === null ? undefined : (JSON.parse(row.source) as RecordSource),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by ?? undefined,
    updatedBy: row.updated_by ?? undefined,
  };
}
