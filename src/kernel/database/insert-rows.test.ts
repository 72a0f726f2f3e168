import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { insertRows } from './insert-rows.ts';
import type { MigrationSet } from './migrate.ts';
import { testOnEachDatabase } from './testing.ts';

const pears: MigrationSet = {
  module: 'orchard',
  migrations: [
    {
      name: '001-pears',
      up: (database) => database.schema.createTable('pears').addColumn('number', 'bigint').addColumn('name', 'text').execute(),
    },
  ],
};

testOnEachDatabase(
  'more rows than one statement takes are inserted, and what it returns comes back in whole',
  [pears],
  async (database) => {
    const rows = Array.from({ length: 20_000 }, (_, number) => ({ number, name: number === 7 ? null : `pear "${number}"` }));
    const insertion = { into: 'pears', columns: ['number', 'name'], rows, ending: 'returning number' } as const;
    const returned = await database.transaction((tx) => insertRows<'number' | 'name', { number: number }>(tx, insertion));
    assert.equal(returned.length, rows.length);
    const { rows: kept } = await sql<{ name: string | null }>`select name from pears where number in (7, 19999) order by number`.execute(
      database.query(),
    );
    assert.deepEqual(
      kept.map(({ name }) => name),
      [null, 'pear "19999"'],
    );
    assert.deepEqual(await database.transaction((tx) => insertRows(tx, { ...insertion, rows: [] })), []);
  },
);
