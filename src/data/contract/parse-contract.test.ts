import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RipenError } from '#kernel/errors.ts';
import { parseContract } from './parse-contract.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parseContract(text, 'flights.yaml');
  } catch (error) {
    assert.ok(error instanceof RipenError && error.code === 'data.contract-invalid', String(error));
    return (error.details as { problems: readonly string[] }).problems;
  }
  return assert.fail('the contract was accepted');
}

test('a whole contract is read', () => {
  const contract = parseContract(`
dataset: flights
description: One row for each flight
columns:
  date: { type: timestamp, nulls: forbidden, minimum: 2001-01-01, maximum: 2001-06-30 }
  delay: { type: integer, minimum: -100, maximum: 3000 }
  origin:
    type: string
    pattern: '[A-Z0-9]{3}'
    references: { dataset: airports, column: iata }
  wing: { values: [left, right], unique: true }
rows: { minimum: 1000, maximum: 700000 }
extra_columns: refused
freshness: { column: date, maximum_age: 40d }
`);
  assert.deepEqual(
    contract.columns.map((column) => [column.name, column.line, column.type, column.nulls, column.minimum, column.maximum]),
    [
      ['date', 5, 'timestamp', 'forbidden', '2001-01-01', '2001-06-30'],
      ['delay', 6, 'integer', 'allowed', -100, 3000],
      ['origin', 7, 'string', 'allowed', undefined, undefined],
      ['wing', 11, undefined, 'allowed', undefined, undefined],
    ],
  );
  assert.deepEqual(contract.columns[2]?.references, { dataset: 'airports', column: 'iata' });
  assert.deepEqual(contract.columns[3]?.values, ['left', 'right']);
  assert.equal(contract.columns[3]?.unique, true);
  assert.deepEqual(contract.rows, { minimum: 1000, maximum: 700000 });
  assert.equal(contract.extraColumns, 'refused');
  assert.equal(contract.freshness?.maximumAgeMs, 40 * 86_400_000);
});

test('every wrong key and value is named with its line and the nearest right one', () => {
  assert.deepEqual(
    problemsOf(`columns:
  delay: { typ: integer, minmum: 3 }
  origin:
    type: strng
    nulls: forbiden
rows: { least: 4 }
extra_colums: refused
`),
    [
      'line 7: unknown key "extra_colums", did you mean "extra_columns"?',
      'line 2: unknown key "columns.delay.typ", did you mean "type"?',
      'line 2: unknown key "columns.delay.minmum", did you mean "minimum"?',
      'line 4: "columns.origin.type" is "strng", did you mean "string"?',
      'line 5: "columns.origin.nulls" is "forbiden", did you mean "forbidden"?',
      'line 6: unknown key "rows.least"; known are minimum, maximum',
    ],
  );
});

test('what makes no sense is refused', () => {
  assert.match(problemsOf('columns: { a: { minimum: 5, maximum: 4 } }').join(), /line 1: "columns.a" has a minimum above its maximum/);
  assert.match(problemsOf('columns: { a: { type: string, minimum: 5 } }').join(), /no meaning for a string column/);
  assert.match(problemsOf('columns: { a: { type: date, minimum: soon } }').join(), /must be a moment such as/);
  assert.match(problemsOf('columns: { a: { values: [] } }').join(), /at least one value/);
  assert.match(problemsOf('columns: { a: { references: { dataset: b } } }').join(), /needs a dataset and a column/);
  assert.match(problemsOf('columns: { a: {}, A: {} }').join(), /upper and lower case/);
  assert.match(problemsOf('columns: {}').join(), /at least one column/);
  assert.match(problemsOf('').join(), /must be a map/);
  assert.match(problemsOf('columns:\n  a: { type: integer\n').join(), /line 3/);
  assert.match(problemsOf('columns: { a: {}, a: {} }').join(), /unique/);
  assert.match(problemsOf('columns: { a: { unique: yes } }').join(), /true or false/);
});

test('odd column names are plain names', () => {
  const contract = parseContract(`columns: { "größe (m)": { type: number }, __proto__: { nulls: forbidden }, 12: {} }`);
  assert.deepEqual(
    contract.columns.map((column) => column.name),
    ['größe (m)', '__proto__', '12'],
  );
});
