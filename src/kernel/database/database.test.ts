import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { DirectWork } from './direct.ts';
import { lockHome, type MigrationSet, openDatabase, type Queryable } from './index.ts';
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

/** Reads, changes and writes back, each in one transaction: lost updates would show that two came between each other. */
const addOne: DirectWork<number> = {
  sqlite(connection) {
    const weight = Number(connection.prepare('select weight from pears where name = ?').get('Conférence')?.['weight']);
    connection.prepare('update pears set weight = ? where name = ?').run(weight + 1, 'Conférence');
    return weight;
  },
  async postgres(connection) {
    const select = { name: 'test-pear', text: 'select weight from pears where name = $1 for update' };
    const [row] = await connection.query<{ weight: number }>(select, ['Conférence']);
    const update = { name: 'test-weigh', text: 'update pears set weight = $1 where name = $2' };
    await connection.query(update, [(row?.weight ?? 0) + 1, 'Conférence']);
    return row?.weight ?? 0;
  },
};

testOnEachDatabase('direct work takes turns with transactions, and nothing of it stays when it throws', [pears], async (database) => {
  await database.transaction((tx) => tx.query<Tables>().insertInto('pears').values({ name: 'Conférence', weight: 0 }).execute());
  const grow = (tx: Queryable) =>
    tx
      .query<Tables>()
      .updateTable('pears')
      .set((set) => ({ weight: set('weight', '+', 1) }))
      .execute();
  await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? database.direct(addOne) : database.transaction(grow))));
  const failing: DirectWork<void> = {
    sqlite(connection) {
      addOne.sqlite(connection);
      throw new Error('no');
    },
    async postgres(connection) {
      await addOne.postgres(connection);
      throw new Error('no');
    },
  };
  await assert.rejects(database.direct(failing), { message: 'no' });
  assert.equal(await database.direct(addOne), 40);
});

testOnEachDatabase('direct work inside a transaction is an error, not a deadlock', [pears], async (database) => {
  await assert.rejects(
    database.transaction(async () => database.direct(addOne)),
    { code: 'database.nested-transaction' },
  );
});

test('with full durability SQLite syncs each commit and PostgreSQL is told to', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-durable-'));
  try {
    const database = await openDatabase(`sqlite:${directory}/ripen.db`, { durability: 'full' });
    const pragma: DirectWork<unknown> = {
      sqlite: (connection) => connection.prepare('pragma synchronous').get()?.['synchronous'],
      postgres: async (connection) =>
        (
          await connection.query<{ setting: string }>({ name: 'test-commit', text: 'select current_setting($1) as setting' }, [
            'synchronous_commit',
          ])
        )[0]?.setting,
    };
    assert.equal(await database.direct(pragma), 2);
    await database.close();
    const url = process.env['RIPEN_TEST_POSTGRES_URL'];
    if (url === undefined) return t.diagnostic('PostgreSQL was left out: RIPEN_TEST_POSTGRES_URL is not set');
    const postgres = await openDatabase(url, { durability: 'full' });
    assert.equal(await postgres.direct(pragma), 'on');
    await postgres.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
