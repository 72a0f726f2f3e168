import { type Kysely, sql } from 'kysely';
import type { DialectName, Queryable } from './database.ts';
import { databaseErrors } from './errors.ts';

/** One forward step of a module's tables. Names are permanent. */
export interface Migration {
  readonly name: string;
  up(schema: Kysely<unknown>, dialect: DialectName): Promise<void>;
}

export interface MigrationSet {
  readonly module: string;
  readonly migrations: readonly Migration[];
}

interface MigrationTable {
  migrations: { module: string; name: string; applied_at: number };
}

const advisoryLock = 7473;

/** Applies what is missing, each migration in its own transaction with its record. */
export async function migrate(writer: Kysely<unknown>, dialect: DialectName, sets: readonly MigrationSet[]): Promise<readonly string[]> {
  const records = writer as unknown as Kysely<MigrationTable>;
  await records.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('module', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('migrations_pk', ['module', 'name'])
    .execute();
  const applied: string[] = [];
  for (const set of sets) applied.push(...(await migrateModule(records, dialect, set)));
  return applied;
}

/** Which migrations the database lacks, and which it has that `sets` does not know; `module/name`. Changes nothing. */
export async function compareMigrations(
  from: Queryable,
  sets: readonly MigrationSet[],
): Promise<{ readonly missing: readonly string[]; readonly unknown: readonly string[] }> {
  const rows = await from.query<MigrationTable>().selectFrom('migrations').select(['module', 'name']).execute();
  const applied = new Set(rows.map(({ module, name }) => `${module}/${name}`));
  const known = new Set(sets.flatMap((set) => set.migrations.map(({ name }) => `${set.module}/${name}`)));
  return { missing: [...known.difference(applied)], unknown: [...applied.difference(known)] };
}

async function migrateModule(records: Kysely<MigrationTable>, dialect: DialectName, set: MigrationSet): Promise<string[]> {
  return records.transaction().execute(async (tx) => {
    // Two servers may start on one PostgreSQL at the same moment.
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(tx);
    const done = new Set(
      (await tx.selectFrom('migrations').select('name').where('module', '=', set.module).execute()).map((row) => row.name),
    );
    const known = new Set(set.migrations.map((migration) => migration.name));
    for (const name of done) if (!known.has(name)) throw databaseErrors['newer-schema']({ migration: `${set.module}/${name}` });
    const applied: string[] = [];
    for (const migration of set.migrations.filter((candidate) => !done.has(candidate.name))) {
      await migration.up(tx as unknown as Kysely<unknown>, dialect);
      await tx.insertInto('migrations').values({ module: set.module, name: migration.name, applied_at: Date.now() }).execute();
      applied.push(`${set.module}/${migration.name}`);
    }
    return applied;
  });
}
