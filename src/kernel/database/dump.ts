import { type Kysely, sql } from 'kysely';
import type { Database, Queryable } from './database.ts';

/** Some rows of one table, as JSON can carry them. Tables come in the order in which they were made, so parents before children. */
export interface TableRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

type AnyTables = Record<string, Record<string, unknown>>;

const batch = 2000;

/** Every row of every table as of one moment, while others go on writing. */
export async function dumpTables(database: Database, receive: (rows: TableRows) => Promise<void>): Promise<void> {
  await database.snapshot(async (at) => {
    for (const table of await tablesOf(at)) {
      for await (const rows of readTable(at, table)) await receive({ table, rows: rows.map(encodeRow) });
    }
  });
}

/** Puts dumped rows back, into migrated tables that are empty. One transaction: all rows or none. */
export async function restoreTables(database: Database, read: () => AsyncIterable<TableRows>): Promise<void> {
  await database.transaction(async (tx) => {
    const query = tx.query<AnyTables>();
    const known = new Set(await tablesOf(tx));
    for await (const { table, rows } of read()) {
      if (!known.has(table) || table === 'migrations') continue;
      for (const part of inParts(rows)) await query.insertInto(table).values(part.map(decodeRow)).execute();
    }
  });
}

/** Whether the tables hold nothing but the record of migrations. */
export async function holdsNothing(database: Database): Promise<boolean> {
  const query = database.query<AnyTables>();
  for (const table of await tablesOf(database)) {
    if (table === 'migrations') continue;
    if ((await query.selectFrom(table).selectAll().limit(1).execute()).length > 0) return false;
  }
  return true;
}

async function tablesOf(from: Queryable): Promise<string[]> {
  const statement =
    from.dialect === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not glob 'sqlite_*' order by rowid`
      : sql<{
          name: string;
        }>`select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by oid`;
  return (await statement.execute(from.query())).rows.map(({ name }) => name);
}

async function* readTable(at: Queryable, table: string): AsyncGenerator<Record<string, unknown>[]> {
  if (at.dialect === 'sqlite') return yield* readByRowid(at.query(), table);
  await sql`declare dump no scroll cursor for select * from ${sql.table(table)}`.execute(at.query());
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`fetch ${sql.raw(String(batch))} from dump`.execute(at.query());
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`close dump`.execute(at.query());
}

async function* readByRowid(query: Kysely<unknown>, table: string): AsyncGenerator<Record<string, unknown>[]> {
  let last = -1;
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`
      select rowid as dump_rowid, * from ${sql.table(table)} where rowid > ${last} order by rowid limit ${sql.raw(String(batch))}`.execute(
      query,
    );
    if (rows.length === 0) return;
    last = Number(rows.at(-1)?.['dump_rowid']);
    yield rows.map(({ dump_rowid: _, ...row }) => row);
  }
}

/** JSON has no NaN, no infinities and no bytes. */
function encodeRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (typeof value === 'number' && !Number.isFinite(value)) return [column, { number: String(value) }];
      if (value instanceof Uint8Array) return [column, { bytes: Buffer.from(value).toString('base64') }];
      return [column, value];
    }),
  );
}

function decodeRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (typeof value !== 'object' || value === null) return [column, value];
      if ('number' in value) return [column, Number(value.number)];
      if ('bytes' in value) return [column, Buffer.from(String(value.bytes), 'base64')];
      return [column, value];
    }),
  );
}

/** SQLite binds at most 32,766 values in a statement. */
function* inParts<Row extends object>(rows: readonly Row[]): Generator<readonly Row[]> {
  const size = Math.max(1, Math.floor(30_000 / Math.max(1, Object.keys(rows[0] ?? {}).length)));
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
