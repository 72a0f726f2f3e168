import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { type Connections, createDatabase, type Database } from './database.ts';
import type { DirectWork, SqliteConnection, SqliteStatement } from './direct.ts';
import type { Durability } from './durability.ts';
import { databaseErrors } from './errors.ts';
import { asArrays } from './read-rows.ts';
import { addRegexp } from './sqlite-regexp.ts';

/** Pages that many commits change are copied into the file once in 16 MiB of log, and two syncs are paid for all of them. */
const checkpointPages = 4000;
const cacheKib = 32 * 1024;

/** Opens (or creates) the SQLite file at `path` with one writing and one reading connection. */
export function openSqlite(path: string, durability: Durability = 'normal'): Database {
  const address = `sqlite:${path}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const writer = new DatabaseSync(path);
    writer.exec(`pragma journal_mode = wal; pragma synchronous = ${durability}; pragma busy_timeout = 5000; pragma foreign_keys = on`);
    writer.exec(`pragma wal_autocheckpoint = ${checkpointPages}; pragma cache_size = -${cacheKib}`);
    const reader = new DatabaseSync(path);
    reader.exec(`pragma busy_timeout = 5000; pragma query_only = on; pragma cache_size = -${cacheKib}`);
    addRegexp(writer);
    addRegexp(reader);
    const close = () => [reader, writer].filter(({ isOpen }) => isOpen).forEach((database) => database.close());
    const writing = over(writer, address);
    const direct = directOver(writer, address);
    const connections: Connections = {
      dialect: 'sqlite',
      address,
      reader: over(reader, address),
      writer: writing,
      // Kysely hands its one connection to one user at a time.
      direct: (work) => writing.connection().execute(async () => direct(work)),
      close,
    };
    return createDatabase(connections);
  } catch (cause) {
    throw databaseErrors['cannot-open']({ address, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

/** Copies a live SQLite database as of one moment into `target`, in a thread of its own; writers may go on meanwhile. */
export async function backupSqlite(path: string, target: string): Promise<void> {
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    // All pages in one step: in smaller ones each commit of another connection would start the copy again.
    await backup(source, target, { rate: 2 ** 31 - 1 });
  } finally {
    source.close();
  }
}

/** A SQLite file that another program owns, to be read only. */
export interface ForeignSqlite {
  /** Rows one by one, as they are read. */
  rows(sql: string, ...values: readonly (string | number)[]): Iterable<Readonly<Record<string, unknown>>>;
  /** Names of the columns; empty when there is no such table. */
  columns(table: string): readonly string[];
  close(): void;
}

/** Opens the file of another program; nothing in it can change. @throws `database.cannot-open` */
export function openForeignSqlite(path: string): ForeignSqlite {
  const address = `sqlite:${path}`;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    database.exec('pragma busy_timeout = 30000; pragma query_only = on');
    // A file that is no database shows with the first read only.
    database.prepare('select count(*) from sqlite_schema').get();
    return {
      rows: (sql, ...values) => database.prepare(sql).iterate(...values),
      columns: (table) =>
        database
          .prepare('select name from pragma_table_info(?)')
          .all(table)
          .map((row) => String(row['name'])),
      close: () => database.close(),
    };
  } catch (cause) {
    throw databaseErrors['cannot-open']({ address, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

/** Runs SQLite's own check of the file; an empty list means sound. */
export function checkSqlite(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare('pragma integrity_check').all();
    return rows.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
  } finally {
    database.close();
  }
}

/**
 * Holds `<home>/lock.db` exclusively until `release` is called or the process dies, whichever way it dies.
 * @throws `database.home-in-use`
 */
export function lockHome(home: string): { release(): void } {
  mkdirSync(home, { recursive: true });
  const lock = new DatabaseSync(`${home}/lock.db`);
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    throw databaseErrors['home-in-use']({ home }, cause);
  }
  return { release: () => lock.close() };
}

function over(database: DatabaseSync, address: string): Kysely<unknown> {
  return new Kysely({ dialect: new SqliteDialect({ database: asKyselyDatabase(database, address) }) });
}

/**
 * node:sqlite in the shape that Kysely's dialect expects: parameters spread, and a flag for statements that return rows.
 * Prepared statements are kept by their text: preparing again costs time, and the native memory of a statement is given back only when
 * the garbage collector happens to find it.
 */
function asKyselyDatabase(database: DatabaseSync, address: string): SqliteDatabase {
  const prepared = new Map<string, PreparedStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const kept = prepared.get(sql);
      if (kept !== undefined) return kept;
      const statement = prepare(database, sql, address);
      if (changesTables.test(sql)) prepared.clear();
      else prepared.set(sql, statement);
      if (prepared.size > mostPrepared) prepared.delete(prepared.keys().next().value ?? '');
      return statement;
    },
  };
}

type PreparedStatement = ReturnType<SqliteDatabase['prepare']>;

const mostPrepared = 300;
const changesTables = /^\s*(create|alter|drop|pragma|vacuum)/i;

function prepare(database: DatabaseSync, sql: string, address: string): PreparedStatement {
  const statement = database.prepare(sql);
  if (sql.startsWith(asArrays)) statement.setReturnArrays(true);
  const isRollback = sql.trim().toLowerCase() === 'rollback';
  // Kysely types parameters as unknown; node:sqlite checks them itself when it binds.
  const bind = (parameters: readonly unknown[]) => parameters as never[];
  const told = <Result>(execute: () => Result): Result => {
    try {
      return execute();
    } catch (error) {
      throw isFull(error) ? databaseErrors['disk-full']({ address }, error) : error;
    }
  };
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => told(() => statement.all(...bind(parameters))),
    run(parameters) {
      // A full disk makes SQLite roll back by itself; another rollback would be an error that hides the first one.
      if (isRollback && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
      return told(() => statement.run(...bind(parameters)));
    },
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  };
}

/** Runs work between `begin` and `commit` on a connection that nobody else uses meanwhile. */
function directOver(database: DatabaseSync, address: string): <Result>(work: DirectWork<Result>) => Result {
  const prepared = new Map<string, SqliteStatement>();
  const connection: SqliteConnection = {
    prepare(sql) {
      let statement = prepared.get(sql);
      if (statement === undefined) {
        // Its own type allows for big integers, which are never asked for.
        statement = database.prepare(sql) as unknown as SqliteStatement;
        prepared.set(sql, statement);
      }
      return statement;
    },
  };
  return (work) => {
    try {
      connection.prepare('begin immediate').run();
      const result = work.sqlite(connection);
      connection.prepare('commit').run();
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction) connection.prepare('rollback').run();
      throw isFull(error) ? databaseErrors['disk-full']({ address }, error) : error;
    }
  };
}

/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE when the index of the log cannot grow (sqlite.org/rescode.html). */
const fullCodes: ReadonlySet<unknown> = new Set([13, 4874]);

function isFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && fullCodes.has(error.errcode);
}
