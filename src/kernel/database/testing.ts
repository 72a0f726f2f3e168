import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { MigrationSet } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** The PostgreSQL server that store tests may use; `npm run test:all` starts one and sets this. */
const postgresUrl = process.env['RIPEN_TEST_POSTGRES_URL'];

/**
 * Declares `name` once for SQLite and once for PostgreSQL, each with a fresh, migrated database.
 * Without a PostgreSQL server the second is reported as skipped, with the reason.
 */
export function testOnEachDatabase(name: string, sets: readonly MigrationSet[], body: (database: Database) => Promise<void>): void {
  test(`${name} (SQLite)`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ripen-test-'));
    const database = openSqlite(join(directory, 'ripen.db'));
    try {
      await database.migrate(sets);
      await body(database);
    } finally {
      await database.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
  test(`${name} (PostgreSQL)`, { skip: postgresUrl === undefined ? 'RIPEN_TEST_POSTGRES_URL is not set' : false }, async () => {
    const schema = `ripen_${randomBytes(6).toString('hex')}`;
    const admin = await openPostgres(postgresUrl ?? '', { connections: 1 });
    await sql`create schema ${sql.id(schema)}`.execute(admin.query());
    const database = await openPostgres(postgresUrl ?? '', { schema, connections: 4 });
    try {
      await database.migrate(sets);
      await body(database);
    } finally {
      await database.close();
      await sql`drop schema ${sql.id(schema)} cascade`.execute(admin.query());
      await admin.close();
    }
  });
}
