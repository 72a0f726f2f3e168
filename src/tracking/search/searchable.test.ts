import assert from 'node:assert/strict';
import { type Kysely, sql } from 'kysely';
import fc from 'fast-check';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import type { Database, DialectName, MigrationSet } from '#kernel/database/index.ts';
import { parseFilter, parseOrderBy } from '../mlflow/search/index.ts';
import { compileFilter } from './compile-filter-store.ts';
import { compileOrder } from './compile-order-store.ts';
import { readPlace, writePlace } from './place.ts';
import type { SearchableFields } from './searchable-store.ts';

const tables: MigrationSet = {
  module: 'fruit',
  migrations: [
    {
      name: '001-fruit',
      async up(schema: Kysely<unknown>, dialect: DialectName) {
        const name = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
        await sql`create table fruit (number bigint primary key, name ${name} not null, eaten_at bigint, weight double precision)`.execute(
          schema,
        );
        await sql`create table fruit_tags (fruit bigint, name text, value text)`.execute(schema);
        await sql`create table fruit_marks (fruit bigint, name text, value double precision)`.execute(schema);
        await sql`create table seeds (fruit bigint, colour text, size bigint)`.execute(schema);
      },
    },
  ],
};

const seed = { type: 'text', table: 'seeds', on: { fruit: 'fruit.number' }, together: 'seed' } as const;

const fields: SearchableFields = {
  row: 'fruit.number',
  attributes: {
    name: { type: 'text', column: 'fruit.name' },
    'eaten_at eaten': { type: 'whole', column: 'fruit.eaten_at', nullable: true },
    weight: { type: 'number', column: 'fruit.weight', nullable: true },
    shout: { type: 'text', column: 'fruit.name', operators: ['=', '!=', 'IN'], toStored: (text) => text.toLowerCase(), unordered: true },
    even: {
      type: 'custom',
      test: ({ value }, _dialect, refuse) => {
        if (value !== 1) throw refuse('even is compared with 1');
        return sql`fruit.number % 2 = 0`;
      },
    },
  },
  facts: {
    'tags tag': { type: 'text', table: 'fruit_tags', on: { fruit: 'fruit.number' }, name: 'name', value: 'value' },
    loose: { type: 'text', table: 'fruit_tags', on: { fruit: 'fruit.number' }, name: 'name', value: 'value', missingDiffers: true },
    marks: { type: 'number', table: 'fruit_marks', on: { fruit: 'fruit.number' }, name: 'name', value: 'value' },
    seed: (key) =>
      key === 'colour' ? { ...seed, value: 'colour' } : key === 'size' ? { ...seed, type: 'whole', value: 'size' } : undefined,
  },
};

async function plant(database: Database): Promise<void> {
  const rows = [
    [1, 'apple', 10, 1.5],
    [2, 'Banana', null, 0.5],
    [3, 'cherry', 30, null],
    [4, 'date', 20, Infinity],
  ] as const;
  await database.transaction(async (tx) => {
    for (const row of rows) await sql`insert into fruit values (${sql.join(row)})`.execute(tx.query());
    await sql`insert into fruit_tags values (1, 'team', 'Red'), (2, 'team', 'red'), (3, 'it''s', 'x%y')`.execute(tx.query());
    await sql`insert into fruit_marks values (1, 'taste', 5), (2, 'taste', null), (3, 'taste', 7), (3, 'looks', 0)`.execute(tx.query());
    await sql`insert into seeds values (1, 'brown', 2), (1, 'white', 9), (2, 'white', 2)`.execute(tx.query());
  });
}

function finder(database: Database) {
  return async (filter: string, orderBy: readonly string[] = [], page: { limit?: number; token?: string | undefined } = {}) => {
    const { dialect } = database;
    const { limit = 100, token } = page;
    const order = compileOrder(orderBy.map(parseOrderBy), fields, dialect);
    const binding = JSON.stringify([filter, orderBy]);
    const { rows } = await sql<{ name: string }>`select fruit.name, ${order.columns} from fruit
      where ${compileFilter(parseFilter(filter), fields, dialect)}
      and ${order.after(token === undefined ? undefined : readPlace(token, binding))}
      order by ${order.by} limit ${limit + 1}`.execute(database.query());
    const last = rows[limit - 1];
    return {
      names: rows
        .slice(0, limit)
        .map(({ name }) => name.charAt(0))
        .join(''),
      next: rows.length > limit && last !== undefined ? writePlace(order.placeOf(last), binding) : undefined,
    };
  };
}

testOnEachDatabase('a description of fields is enough to filter rows', [tables], async (database) => {
  await plant(database);
  const find = finder(database);
  const cases: Readonly<Record<string, string>> = {
    '': 'aBcd',
    "name = 'apple' or name = 'date'": 'ad',
    "attributes.name ilike 'B%'": 'B',
    "name like 'b%'": '',
    "attr.name in ('apple', 'nothing')": 'a',
    "name not in ('apple')": 'Bcd',
    'eaten > 10': 'cd',
    'eaten_at >= 10.5': 'cd',
    'eaten_at = 10.5': '',
    'eaten_at < 1e300': 'acd',
    'eaten_at > 1e300': '',
    'eaten_at between 10 and 20': 'ad',
    'eaten_at is null': 'B',
    'not eaten_at > 10': 'aB',
    'weight > 1': 'ad',
    'weight != 1.5': 'Bd',
    "shout = 'APPLE'": 'a',
    'even = 1': 'Bd',
    "tags.team = 'red'": 'B',
    "tag.team ilike 'RED'": 'aB',
    "tags.team != 'red'": 'a',
    "loose.team != 'red'": 'acd',
    'tags.team is null': 'cd',
    'tags.team is not null': 'aB',
    "tags.`it's` like 'x\\%y'": '',
    "tags.`it's` like 'x_y'": 'c',
    'marks.taste >= 5': 'ac',
    'marks.taste != 5': 'Bc',
    'marks.taste = nan': 'B',
    'marks.taste is null': 'd',
    "seed.colour = 'white' and seed.size = 2": 'B',
    "seed.colour = 'white' or seed.size = 2": 'aB',
    "seed.colour = 'white' and not seed.size = 2": 'a'.slice(1),
  };
  for (const [filter, expected] of Object.entries(cases)) assert.equal((await find(filter)).names, expected, filter);
  const many = Array.from({ length: 3000 }, (_, index) => `'x${index}'`).join(', ');
  assert.equal((await find(`name in (${many}, 'date')`)).names, 'd');
  const wrong = [
    'colour = 1',
    "eaten_at = '10'",
    'name = 5',
    "eaten_at like '1%'",
    'name > 5',
    "name rlike 'a'",
    'even = 2',
    'seed.shape = 1',
    "pets.x = 'y'",
    "marks.taste = 'good'",
    `name like '${'%'.repeat(20_000)}'`,
    "constructor = 'x'",
    "__proto__.x = 'y'",
  ];
  for (const filter of wrong) await assert.rejects(find(filter), { code: 'tracking.filter-invalid' }, filter.slice(0, 40));
});

testOnEachDatabase(
  'rows are ordered by several keys: what is missing comes last, and pages follow each other',
  [tables],
  async (database) => {
    await plant(database);
    const find = finder(database);
    const orders: readonly [string[], string][] = [
      [[], 'aBcd'],
      [['name'], 'Bacd'],
      [['name DESC'], 'dcaB'],
      [['eaten_at'], 'adcB'],
      [['eaten_at DESC'], 'cdaB'],
      [['weight'], 'Badc'],
      [['weight DESC'], 'daBc'],
      [['marks.taste'], 'acBd'],
      [['marks.taste DESC'], 'caBd'],
      [['tags.team'], 'aBcd'],
      [['tags.team DESC', 'name DESC'], 'Badc'],
      [['marks.looks', 'tags.team DESC', 'weight'], 'cBad'],
    ];
    for (const [orderBy, expected] of orders) {
      assert.equal((await find('', orderBy)).names, expected, orderBy.join());
      for (const limit of [1, 2, 3]) {
        let paged = '';
        let token: string | undefined;
        do {
          const page = await find('', orderBy, { limit, token });
          paged += page.names;
          token = page.next;
        } while (token !== undefined);
        assert.equal(paged, expected, `${orderBy.join()} by ${limit}`);
      }
    }
    for (const order of ['colour', 'shout', 'even', 'seed.shape'])
      await assert.rejects(find('', [order]), { code: 'tracking.order-invalid' });
    const { next = '' } = await find('', ['name'], { limit: 2 });
    await assert.rejects(find('', ['name DESC'], { token: next }), { code: 'tracking.page-token-invalid' });
    await assert.rejects(find("name != 'x'", ['name'], { token: next }), { code: 'tracking.page-token-invalid' });
    const bits = fc.tuple(fc.nat({ max: next.length - 1 }), fc.constantFrom('A', 'z', '_', ''));
    await fc.assert(
      fc.asyncProperty(bits, async ([at, letter]) => {
        const token = next.slice(0, at) + letter + next.slice(at + 1);
        fc.pre(Buffer.from(token, 'base64url').toString() !== Buffer.from(next, 'base64url').toString());
        await assert.rejects(find('', ['name'], { token }), { code: 'tracking.page-token-invalid' });
      }),
      { numRuns: 30 },
    );
  },
);
