import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { dumpTables, holdsNothing, type MigrationSet, restoreTables, type TableRows } from './index.ts';
import { testOnEachDatabase } from './testing.ts';

const orchard: MigrationSet = {
  module: 'orchard',
  migrations: [
    {
      name: '001-trees-and-pears',
      async up({ schema }) {
        await schema
          .createTable('trees')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .execute();
        await schema
          .createTable('pears')
          .addColumn('tree', 'text', (column) => column.notNull().references('trees.name'))
          .addColumn('grams', 'double precision')
          .addColumn('picked_at', 'bigint')
          .execute();
      },
    },
  ],
};

interface Tables {
  trees: { name: string };
  pears: { tree: string; grams: number | null; picked_at: number | null };
}

testOnEachDatabase('a dump is of one moment and comes back whole', [orchard], async (database) => {
  const insert = (name: string, grams: number | null) =>
    database.transaction(async (tx) => {
      await tx.query<Tables>().insertInto('trees').values({ name }).execute();
      await tx
        .query<Tables>()
        .insertInto('pears')
        .values({ tree: name, grams, picked_at: Date.UTC(2026, 8, 1) })
        .execute();
    });
  await insert('Größe 🍐', 180.5);
  await insert('leaf', null);
  const dumped: TableRows[] = [];
  let late = false;
  await dumpTables(database, async (rows) => {
    dumped.push(JSON.parse(JSON.stringify(rows)) as TableRows);
    if (!late) {
      late = true;
      await insert('too late', 1);
    }
  });
  await database.transaction(async (tx) => {
    await sql`delete from pears`.execute(tx.query());
    await sql`delete from trees`.execute(tx.query());
  });
  assert.ok(await holdsNothing(database));
  await restoreTables(database, async function* () {
    yield* dumped;
  });
  assert.ok(!(await holdsNothing(database)));
  assert.deepEqual(
    await database
      .query<Tables>()
      .selectFrom('pears')
      .select(['tree', 'grams', 'picked_at'])
      .orderBy('tree')
      .execute()
      .then((rows) => rows.map((row) => ({ ...row }))),
    [
      { tree: 'Größe 🍐', grams: 180.5, picked_at: Date.UTC(2026, 8, 1) },
      { tree: 'leaf', grams: null, picked_at: Date.UTC(2026, 8, 1) },
    ],
  );
});

const counted: MigrationSet = {
  module: 'counted',
  migrations: [
    {
      name: '001-baskets-and-weights',
      async up({ schema }, dialect) {
        await schema
          .createTable('baskets')
          .addColumn('number', dialect === 'sqlite' ? 'integer' : sql`bigserial`, (column) => column.primaryKey())
          .addColumn('name', 'text', (column) => column.notNull())
          .execute();
        const weights = schema
          .createTable('weights')
          .addColumn('basket', 'bigint', (column) => column.notNull())
          .addColumn('day', 'text', (column) => column.notNull())
          .addColumn('grams', 'double precision')
          .addPrimaryKeyConstraint('weights_pk', ['basket', 'day']);
        await (dialect === 'sqlite' ? weights.modifyEnd(sql`without rowid`) : weights).execute();
      },
    },
  ],
};

interface CountedTables {
  baskets: { number?: number; name: string };
  weights: { basket: number; day: string; grams: number };
}

testOnEachDatabase(
  'tables without row ids are dumped page by page, and counters go on after the rows put back',
  [counted],
  async (database) => {
    const rows = Array.from({ length: 4500 }, (_, index) => ({ basket: index % 7, day: `day ${index}`, grams: index / 2 }));
    await database.transaction(async (tx) => {
      const query = tx.query<CountedTables>();
      await query
        .insertInto('baskets')
        .values([{ name: 'first' }, { name: 'second' }])
        .execute();
      await query.insertInto('weights').values(rows).execute();
    });
    const dumped: TableRows[] = [];
    await dumpTables(database, async (part) => void dumped.push(part));
    assert.equal(
      new Set(dumped.filter(({ table }) => table === 'weights').flatMap((part) => part.rows.map((row) => row['day']))).size,
      4500,
    );
    await database.transaction(async (tx) => {
      await sql`delete from baskets`.execute(tx.query());
      await sql`delete from weights`.execute(tx.query());
    });
    await restoreTables(database, async function* () {
      yield* dumped;
    });
    const next = await database.transaction((tx) =>
      tx.query<CountedTables>().insertInto('baskets').values({ name: 'third' }).returning('number').executeTakeFirstOrThrow(),
    );
    assert.equal(next.number, 3);
  },
);
