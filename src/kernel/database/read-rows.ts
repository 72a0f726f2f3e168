import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Queryable } from './database.ts';
import type { SqlValue } from './direct.ts';

/** What a statement for SQLite begins with to give its rows as arrays. */
export const asArrays = '/* rows as arrays */ ';

/**
 * Rows as arrays of the named columns, for reads of thousands of rows, where making an object for each takes longer than the database;
 * `rest` is the statement from its `from` on, without an order. Infinities come as the texts `Infinity` and `-Infinity` from PostgreSQL,
 * which sends all rows as one JSON document; bytes cannot be read so.
 */
export async function readRows<Row extends readonly SqlValue[]>(
  from: Queryable,
  columns: readonly string[],
  rest: RawBuilder<unknown>,
): Promise<readonly Row[]> {
  const query = from.query();
  const list = sql.join(columns.map((column) => sql.ref(column)));
  if (from.dialect === 'postgres') {
    const { rows } = await sql<{ all: readonly Row[] | null }>`select json_agg(json_build_array(${list})) as all ${rest}`.execute(query);
    return rows[0]?.all ?? [];
  }
  const compiled = sql`select ${list} ${rest}`.compile(query);
  const { rows } = await query.executeQuery<Row>(CompiledQuery.raw(asArrays + compiled.sql, [...compiled.parameters]));
  return rows;
}
