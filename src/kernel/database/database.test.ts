import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { lockHome, type MigrationSet, openDatabase } from './index.ts';
import { testOnEachDatabase } from './testing.ts';

interface Tables {
  pears: { name: string; weight: number };
}

const pears: MigrationSet = {
  module: 'orchard',
  migrations: [
    {
      name: '001-pears',
      up: (schema) =>
        schema.schema
          .createTable('pears')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('weight', 'bigint', (column) => column.notNull())
          .execute(),
    },
  ],
};

testOnEachDatabase('a transaction that throws leaves nothing', [pears], async (database) => {
  await assert.rejects(
    database.transaction(async (tx) => {
      await tx.query<Tables>().insertInto('pears').values({ name: 'Conférence', weight: 180 }).execute();
      throw new Error('no');
    }),
  );
  assert.deepEqual(await database.query<Tables>().selectFrom('pears').selectAll().execute(), []);
});

testOnEachDatabase('epoch milliseconds come back as numbers', [pears], async (database) => {
  const weight = Date.UTC(2026, 10, 23);
  await database.transaction((tx) => tx.query<Tables>().insertInto('pears').values({ name: 'Abate', weight }).execute());
  assert.equal((await database.query<Tables>().selectFrom('pears').select('weight').executeTakeFirstOrThrow()).weight, weight);
});

testOnEachDatabase('migrations are applied once', [pears], async (database) => {
  assert.deepEqual(await database.migrate([pears]), []);
});

testOnEachDatabase('a database of a newer Ripen is refused', [pears], async (database) => {
  await assert.rejects(database.migrate([{ module: 'orchard', migrations: [] }]), { code: 'database.newer-schema' });
});

testOnEachDatabase('a transaction inside a transaction is an error, not a deadlock', [pears], async (database) => {
  await assert.rejects(
    database.transaction(() => database.transaction(async () => {})),
    { code: 'database.nested-transaction' },
  );
});

test('an unknown database address is refused with the known ones', async () => {
  await assert.rejects(openDatabase('mysql://somewhere'), { code: 'database.unknown-url' });
});

test('a home has one server at a time', () => {
  const home = mkdtempSync(join(tmpdir(), 'ripen-lock-'));
  const first = lockHome(home);
  assert.throws(() => lockHome(home), { code: 'database.home-in-use' });
  first.release();
  lockHome(home).release();
  rmSync(home, { recursive: true });
});

test('a closed database leaves one whole file, also when it was only read', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-closed-'));
  try {
    const writing = await openDatabase(`sqlite:${directory}/ripen.db`);
    const reading = await openDatabase(`sqlite:${directory}/ripen.db`);
    await writing.transaction((tx) => sql`create table pears (name text)`.execute(tx.query()));
    await sql`select * from pears`.execute(reading.query());
    await reading.close();
    await writing.close();
    assert.deepEqual(readdirSync(directory), ['ripen.db']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
