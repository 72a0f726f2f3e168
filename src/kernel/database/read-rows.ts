import { CompiledQuery, type RawBuilder } from 'kysely';
import type { Queryable } from './database.ts';
import type { SqlValue } from './direct.ts';

/** What a statement for SQLite begins with to give its rows as arrays. */
export const asArrays = '/* rows as arrays */ ';

/**
 * Rows as arrays of their columns, in the order of the select list: for reads of thousands of rows, where making an object for each takes
 * longer than the database. Column names must differ.
 */
export async function readRows<Row extends readonly SqlValue[]>(from: Queryable, statement: RawBuilder<unknown>): Promise<readonly Row[]> {
  const query = from.query();
  const compiled = statement.compile(query);
  if (from.dialect === 'postgres') {
    const { rows } = await query.executeQuery<Record<string, SqlValue>>(compiled);
    // The caller says which columns it selects.
    return rows.map((row) => Object.values(row) as unknown as Row);
  }
  const { rows } = await query.executeQuery<Row>(CompiledQuery.raw(asArrays + compiled.sql, [...compiled.parameters]));
  return rows;
}
