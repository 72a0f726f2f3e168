import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Analytics, createAnalytics } from './analytics.ts';
import { quoteIdentifier, quoteList, quoteLiteral } from './quote.ts';

let directory = '';
let analytics: Analytics;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ripen-quote-'));
  analytics = createAnalytics({ directory: join(directory, 'spill'), log: { warn: () => undefined } });
});
after(async () => {
  await analytics.close();
  await rm(directory, { recursive: true });
});

const hostile = [
  `"; DROP TABLE x; --`,
  `a"b`,
  `'`,
  `''; SELECT 1; --`,
  '\\',
  "\\'",
  '$1',
  '?',
  '--',
  '/*',
  'select',
  'größe',
  '列',
  ' ',
  '\n',
  '😀',
  '__proto__',
];

test('a quoted literal is read back as the same text, whatever it holds', async () => {
  const any = fc
    .sample(fc.string({ unit: 'binary', minLength: 0, maxLength: 30 }), 200)
    .filter((text) => !text.includes('\0') && text.isWellFormed());
  const texts = [...hostile, ...any];
  const rows = await analytics.query<{ text: string }>(`SELECT unnest(${quoteList(texts)}) AS text`);
  assert.deepEqual(
    rows.map((row) => row.text),
    texts,
  );
});

test('a quoted identifier names exactly one column, whatever it holds', async () => {
  const columns = hostile.map((name, index) => `${index} AS ${quoteIdentifier(name)}`).join(', ');
  const [row] = await analytics.query(`SELECT * FROM (SELECT ${columns})`);
  assert.deepEqual(Object.keys(row ?? {}).toSorted(), hostile.toSorted());
  for (const [index, name] of hostile.entries()) {
    assert.deepEqual(await analytics.query(`SELECT ${quoteIdentifier(name)} AS value FROM (SELECT ${columns})`), [{ value: index }]);
  }
});

test('numbers keep their value, their sign and their kind', async () => {
  const numbers = [0, -1, 2 ** 53 - 1, 0.1, -1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  for (const value of numbers) {
    const [row] = await analytics.query<{ value: number }>(
      `SELECT 1-${quoteLiteral(value)}+${quoteLiteral(value)}-1 AS bare, ${quoteLiteral(value)} AS value`,
    );
    assert.ok(Object.is(row?.value, value), `${value} became ${row?.value}`);
  }
  assert.deepEqual(
    await analytics.query(`SELECT ${quoteLiteral(null)} AS a, ${quoteLiteral(true)} AS b, ${quoteLiteral(12345678901234567890n)} AS c`),
    [{ a: null, b: true, c: '12345678901234567890' }],
  );
});

test('a NUL character is refused, because DuckDB would cut the text there', () => {
  assert.throws(() => quoteLiteral('a\0b'), RangeError);
  assert.throws(() => quoteIdentifier('a\0b'), RangeError);
});
