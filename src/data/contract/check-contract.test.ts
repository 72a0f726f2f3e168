import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from '../table/normalise-file.ts';
import { workbench } from '../testing/workbench.ts';
import { checkContract } from './check-contract.ts';
import type { Table } from '../table/schema.ts';
import type { CheckContext } from './compiled-rule.ts';
import type { ContractResult } from './model.ts';
import { parseContract } from './parse-contract.ts';

const bench = workbench();
const now = Date.UTC(2001, 6, 1);
let count = 0;

async function table(select: string): Promise<Table> {
  const relation = `read_parquet('${await bench.parquet(`t${++count}.parquet`, select)}')`;
  return { relation, schema: await describe(bench.analytics, relation) };
}

async function check(select: string, contract: string, context: Partial<CheckContext> = {}): Promise<ContractResult> {
  return checkContract(bench.analytics, {
    contract: parseContract(contract),
    table: await table(select),
    context: { now, references: new Map(), existing: undefined, ...context },
    file: 'contract.yaml',
  });
}

/** `column rule: rows` of every broken rule. */
function broken(result: ContractResult): string[] {
  return result.rules.filter((rule) => !rule.passed).map((rule) => `${rule.column ?? 'file'} ${rule.rule}: ${rule.failedRows ?? '-'}`);
}

test('a file that keeps its contract passes, every rule with its explanation', async () => {
  const airports = await table(`SELECT unnest(['ABC', 'DEF']) AS iata`);
  const result = await check(
    `SELECT range AS id, TIMESTAMP '2001-06-30 23:00' AS day, CASE WHEN range % 2 = 0 THEN 'ABC' ELSE 'DEF' END AS origin FROM range(10)`,
    `columns:
  id: { type: integer, nulls: forbidden, minimum: 0, maximum: 9, unique: true }
  day: { type: timestamp, minimum: 2001-06-01, maximum: 2001-06-30 }
  origin: { type: string, pattern: '[A-Z]{3}', values: [ABC, DEF], references: { dataset: airports, column: iata } }
rows: { minimum: 10, maximum: 10 }
extra_columns: refused
freshness: { column: day, maximum_age: 1d }`,
    { references: new Map([['airports', airports]]) },
  );
  assert.deepEqual(broken(result), []);
  assert.ok(result.passed && result.rows === 10 && result.failingRows.length === 0);
  assert.equal(result.rules.length, 19);
  assert.ok(result.rules.every((rule) => rule.explanation !== ''));
});

test('each broken rule says how many rows and shows some', async () => {
  const result = await check(
    `SELECT * FROM (VALUES (1, 'ABC', DATE '2001-01-01'), (1, 'abc', DATE '2001-01-02'), (NULL, 'ABCD', DATE '1999-01-01'), (900, NULL, NULL)) t(n, code, day)`,
    `columns:
  n: { type: integer, nulls: forbidden, maximum: 100, unique: true }
  code: { pattern: '[A-Z]{3}', values: [ABC, ABCD] }
  day: { type: date, minimum: 2000-01-01 }
  missing: { type: string }
  Code2: {}
rows: { minimum: 5 }
freshness: { column: day, maximum_age: 12h }`,
  );
  assert.deepEqual(broken(result), [
    'n nulls: 1',
    'n maximum: 1',
    'n unique: 1',
    'code pattern: 2',
    'code values: 1',
    'day minimum: 1',
    'missing present: -',
    'Code2 present: -',
    'file rows-minimum: -',
    'day freshness: -',
  ]);
  assert.match(result.rules.find((rule) => rule.column === 'Code2')?.explanation ?? '', /the file has "code"/);
  assert.equal(result.rules.find((rule) => rule.rule === 'pattern')?.share, 0.5);
  assert.deepEqual(
    result.failingRows.filter((row) => row.rule === 'unique').map((row) => [row.row, row.values['code']]),
    [
      [1, 'ABC'],
      [2, 'abc'],
    ],
  );
});

test('wrong types are counted and shown, and the other rules still speak', async () => {
  const result = await check(
    `SELECT unnest(['1', '2', 'x', '1.5', NULL]) AS n, unnest([1.0, 2.0, 3.5, 4.0, 5.0]) AS whole, NULL::VARCHAR AS nothing`,
    `columns: { n: { type: integer, maximum: 1 }, whole: { type: integer }, nothing: { type: number } }`,
  );
  assert.deepEqual(broken(result), ['n type: 2', 'n maximum: 2', 'whole type: 1']);
  assert.match(
    result.rules.find((rule) => rule.rule === 'type')?.explanation ?? '',
    /2 of 5 rows cannot be read as integer; the column is VARCHAR/,
  );
  // All values could be read, yet the column is of another type.
  assert.deepEqual(broken(await check(`SELECT '1' AS n`, 'columns: { n: { type: integer } }')), ['n type: 1']);
});

test('NaN and infinities break ranges, nulls do not', async () => {
  const result = await check(
    `SELECT unnest(['nan', 'inf', '-inf', '5', NULL])::DOUBLE AS x`,
    'columns: { x: { type: number, minimum: 0, maximum: 10 } }',
  );
  assert.deepEqual(broken(result), ['x minimum: 2', 'x maximum: 2']);
  assert.ok(result.failingRows.some((row) => row.values['x'] === 'NaN'));
});

test('a reference to nothing fails closed', async () => {
  const contract = 'columns: { a: { references: { dataset: airports, column: iata } } }';
  assert.match((await check('SELECT 1 AS a', contract)).rules.at(-1)?.explanation ?? '', /no snapshot/);
  const airports = await table('SELECT NULL AS iata UNION ALL SELECT 2');
  const references = new Map([['airports', airports]]);
  assert.deepEqual(broken(await check('SELECT unnest([1, 2, NULL]) AS a', contract, { references })), ['a references: 1']);
  assert.deepEqual(broken(await check(`SELECT unnest(['2', '3']) AS a`, contract, { references })), ['a references: 1']);
});

test('unique looks at earlier loads too', async () => {
  const existing = await table('SELECT unnest([1, 2]) AS id');
  const result = await check('SELECT unnest([2, 3]) AS id', 'columns: { id: { unique: true } }', { existing });
  assert.deepEqual(broken(result), ['id unique: 1']);
  assert.match(result.rules.find((rule) => !rule.passed)?.explanation ?? '', /earlier load/);
});

test('nothing in a contract or a column name is read as SQL', async () => {
  const evil = `"; DROP TABLE x; --`;
  const select = `SELECT 'a''b' AS """; DROP TABLE x; --", 1 AS "file_row_number", 2 AS "t"`;
  const contract = `columns:
  '${evil}': { type: string, values: ["a'b", "') OR 1=1 --"], pattern: "a'b|'\\\\) OR TRUE --", unique: true }
  file_row_number: { type: integer, maximum: 0 }
  t: { maximum: 1 }`;
  const result = await check(select, contract);
  assert.deepEqual(broken(result), ['file_row_number maximum: 1', 't maximum: 1']);
  assert.deepEqual(result.failingRows[0]?.values, { [evil]: "a'b", file_row_number: 1, t: 2 });
});

test('a pattern that RE2 does not know is an error of the contract with its line', async () => {
  await assert.rejects(check('SELECT 1 AS a', `columns:\n  a: { pattern: '(?<=x)a' }`), {
    code: 'data.contract-invalid',
    message: /line 2: .*RE2/,
  });
});

test('at most twenty sample rows, shared among the broken rules', async () => {
  const result = await check(
    `SELECT range AS a, repeat('x', 1000) AS b FROM range(5000)`,
    `columns: { a: { minimum: 10000, values: [10000] }, b: { values: [y], pattern: y } }`,
  );
  assert.equal(result.failingRows.length, 20);
  assert.deepEqual(new Set(result.failingRows.map((row) => row.rule)), new Set(['minimum', 'pattern', 'values']));
  assert.equal(String(result.failingRows[0]?.values['b']).length, 201);
});

test('a contract of more rules than fit one scan is checked whole', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `c${index}`);
  const result = await check(
    `SELECT ${names.map((name, index) => `${index} AS ${name}`).join(', ')}`,
    `columns: { ${names.map((name, index) => `${name}: { nulls: forbidden, minimum: 1, maximum: 148, values: [${index}] }`).join(', ')} }`,
  );
  assert.deepEqual(broken(result), ['c0 minimum: 1', 'c149 maximum: 1']);
});
