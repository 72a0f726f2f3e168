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
