export type { Database, DialectName, Queryable } from './database.ts';
export { dumpTables, holdsNothing, restoreTables, type TableRows } from './dump.ts';
export { databaseErrors } from './errors.ts';
export { compareMigrations, type Migration, type MigrationSet } from './migrate.ts';
export { openDatabase } from './open.ts';
export { withoutCredentials } from './postgres.ts';
export { backupSqlite, checkSqlite, lockHome, type SqliteDurability } from './sqlite.ts';
