import { CompiledQuery } from 'kysely';
import type { Queryable } from './database.ts';
import type { SqlValue } from './direct.ts';

/** A statement of SQLite takes 32,766 values, one of PostgreSQL 65,535. */
const mostValues = 30_000;

/** Rows for a table; `ending` is what follows the values: `on conflict …`, `returning …`. */
export interface Insertion<Column extends string> {
  readonly into: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<Column, SqlValue>>[];
  readonly ending?: string;
}

/** Adds rows by plain text, since a query tree of hundreds of values costs more than the database; gives what the statement returns. */
export async function insertRows<Column extends string, Returned = never>(
  tx: Queryable,
  { into, columns, rows, ending = '' }: Insertion<Column>,
): Promise<Returned[]> {
  const returned: Returned[] = [];
  const most = Math.floor(mostValues / columns.length);
  for (let start = 0; start < rows.length; start += most) {
    const part = rows.slice(start, start + most);
    const text = `insert into ${into} (${columns.join(', ')}) values ${placesOf(tx, columns.length, part.length)} ${ending}`;
    const values = part.flatMap((row) => columns.map((column) => row[column]));
    // The caller knows what its statement returns.
    returned.push(...((await tx.query().executeQuery(CompiledQuery.raw(text, values))).rows as Returned[]));
  }
  return returned;
}

function placesOf({ dialect }: Queryable, width: number, rows: number): string {
  if (dialect === 'sqlite')
    return Array<string>(rows)
      .fill(`(${Array<string>(width).fill('?').join(',')})`)
      .join(',');
  const row = (start: number) => `(${Array.from({ length: width }, (_, index) => `$${start + index + 1}`).join(',')})`;
  return Array.from({ length: rows }, (_, index) => row(index * width)).join(',');
}
