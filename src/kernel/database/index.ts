export type { Database, DialectName, Queryable } from './database.ts';
export type { PostgresConnection, SqliteConnection } from './direct.ts';
export { dumpTables, holdsNothing, restoreTables, type TableRows } from './dump.ts';
export { insertRows } from './insert-rows.ts';
export { compareMigrations, type MigrationSet } from './migrate.ts';
export { readRows } from './read-rows.ts';
export { openDatabase } from './open.ts';
export { withoutCredentials } from './postgres.ts';
export { backupSqlite, checkSqlite, type ForeignSqlite, lockHome, openForeignSqlite } from './sqlite.ts';
