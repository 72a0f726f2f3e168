/**
 * Statements that go straight to the driver, for the few paths where a query builder costs more than the database. They are kept to
 * `*-store.ts` files, as all SQL is.
 */

export type SqlValue = number | string | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement of SQLite; it runs at once and blocks the process meanwhile. */
export interface SqliteStatement {
  run(...values: SqlValue[]): void;
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
}

export interface SqliteConnection {
  /** The statement is kept by its text, so that asking again costs next to nothing. */
  prepare(sql: string): SqliteStatement;
}

/** A value of a statement for PostgreSQL; an array is one parameter, for `unnest`. */
export type PostgresValue = SqlValue | boolean | readonly SqlValue[];

export interface PostgresStatement {
  readonly name: string;
  readonly text: string;
}

export interface PostgresConnection {
  /** Runs a statement that the server keeps prepared under `name`; one name stands for one text for ever. */
  query<Row extends object>(statement: PostgresStatement, values: readonly PostgresValue[]): Promise<Row[]>;
  /** Runs the one statement that is all of the work: a transaction by itself, one way to the server and back. */
  alone<Row extends object>(statement: PostgresStatement, values: readonly PostgresValue[]): Promise<Row[]>;
}

/** The same work in the manner of each database. On SQLite it may not wait for anything. */
export interface DirectWork<Result> {
  sqlite(connection: SqliteConnection): Result;
  postgres(connection: PostgresConnection): Promise<Result>;
}
