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
    await advanceSequences(tx);
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
  if (at.dialect === 'sqlite') yield* readByKey(at.query(), table);
  else yield* readByCursor(at, table);
}

async function* readByCursor(at: Queryable, table: string): AsyncGenerator<Record<string, unknown>[]> {
  await sql`declare dump no scroll cursor for select * from ${sql.table(table)}`.execute(at.query());
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`fetch ${sql.raw(String(batch))} from dump`.execute(at.query());
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`close dump`.execute(at.query());
}

/** By the row id, or by the primary key where the rows lie in its order. */
async function* readByKey(query: Kysely<unknown>, table: string): AsyncGenerator<Record<string, unknown>[]> {
  const key = await keyOf(query, table);
  const columns = key.map((column) => sql.ref(column));
  let after: unknown[] | undefined;
  for (;;) {
    const place = after === undefined ? sql`` : sql`where (${sql.join(columns)}) > (${sql.join(after)})`;
    const { rows } = await sql<Record<string, unknown>>`
      select ${key[0] === 'rowid' ? sql`rowid as dump_rowid,` : sql``} * from ${sql.table(table)} ${place}
      order by ${sql.join(columns)} limit ${sql.raw(String(batch))}`.execute(query);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = key.map((column) => last[column === 'rowid' ? 'dump_rowid' : column]);
    for (const row of rows) delete row['dump_rowid'];
    yield rows;
  }
}

async function keyOf(query: Kysely<unknown>, table: string): Promise<string[]> {
  const { rows: tables } = await sql<{ wr: number }>`select wr from pragma_table_list(${table}) where schema = 'main'`.execute(query);
  if (tables[0]?.wr !== 1) return ['rowid'];
  const { rows } = await sql<{ name: string }>`select name from pragma_table_info(${table}) where pk > 0 order by pk`.execute(query);
  return rows.map(({ name }) => name);
}

/** Rows that were put back do not move the counters of PostgreSQL; on SQLite the next number follows from the rows. */
async function advanceSequences(tx: Queryable): Promise<void> {
  if (tx.dialect !== 'postgres') return;
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    select owner.relname as "table", attribute.attname as "column", counter.oid::regclass::text as sequence
    from pg_class counter
    join pg_depend owned on owned.classid = 'pg_class'::regclass and owned.objid = counter.oid and owned.deptype in ('a', 'i')
    join pg_class owner on owned.refclassid = 'pg_class'::regclass and owner.oid = owned.refobjid
    join pg_attribute attribute on attribute.attrelid = owner.oid and attribute.attnum = owned.refobjsubid
    where counter.relkind = 'S' and owner.relnamespace = current_schema()::regnamespace`.execute(tx.query());
  for (const { table, column, sequence } of rows) {
    const highest = sql`max(${sql.ref(column)})`;
    await sql`select setval(${sequence}::regclass, coalesce(${highest}, 1), ${highest} is not null) from ${sql.table(table)}`.execute(
      tx.query(),
    );
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
