import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { ColumnType } from '../contract/model.ts';
import { workbench } from '../testing/workbench.ts';
import { normaliseFile } from './normalise-file.ts';
import { detectFormat } from './source-file.ts';

const bench = workbench();
let count = 0;

interface Read {
  readonly rows: number;
  readonly types: Readonly<Record<string, string>>;
  readonly values: readonly Readonly<Record<string, unknown>>[];
  readonly target: string;
}

async function read(name: string, content: string | Uint8Array, expected: Readonly<Record<string, ColumnType>> = {}): Promise<Read> {
  const path = await bench.write(name, content);
  const target = `${bench.directory}/out${++count}.parquet`;
  try {
    const format = detectFormat(Buffer.from(content), name);
    const file = { path, name, format };
    const { rows, schema } = await normaliseFile(bench.analytics, { file, target, expected: new Map(Object.entries(expected)) });
    const types = Object.fromEntries(schema.map((column) => [column.name, column.type]));
    return { rows, types, target, values: await bench.analytics.query(`SELECT * FROM '${target}' LIMIT 10`) };
  } catch (error) {
    assert.ok(!existsSync(target), 'a refused file leaves nothing');
    assert.ok(!existsSync(`${target}.staged`));
    throw error;
  }
}

test('a CSV file becomes Parquet with the types its values have', async () => {
  const { rows, types, values } = await read(
    'a.csv',
    '\ufeffid;größe;when;day;ok;zip;列\r\n1;1.5;2001-01-01T10:00:00+02:00;2001-01-01;true;007;"a;b"\r\n-2;nan;2001-01-02 10:00;2001-01-02;FALSE;123;"say ""hi""\nthere"\r\n3;;;;;;\r\n',
  );
  assert.equal(rows, 3);
  assert.deepEqual(types, { id: 'BIGINT', größe: 'DOUBLE', when: 'TIMESTAMP', day: 'DATE', ok: 'BOOLEAN', zip: 'VARCHAR', 列: 'VARCHAR' });
  assert.deepEqual(values, [
    { id: 1, größe: 1.5, when: '2001-01-01T08:00:00Z', day: '2001-01-01', ok: true, zip: '007', 列: 'a;b' },
    { id: -2, größe: Number.NaN, when: '2001-01-02T10:00:00Z', day: '2001-01-02', ok: false, zip: '123', 列: 'say "hi"\nthere' },
    { id: 3, größe: null, when: null, day: null, ok: null, zip: null, 列: null },
  ]);
});

test('huge and tiny numbers keep their digits', async () => {
  const { types, values } = await read('huge.csv', 'a,b,c\n999999999999999999,1e308,123456789012345678901234567890\n-1,-5e-324,1\n');
  assert.deepEqual(types, { a: 'BIGINT', b: 'DOUBLE', c: 'VARCHAR' });
  assert.deepEqual(values[0], { a: '999999999999999999', b: 1e308, c: '123456789012345678901234567890' });
  assert.equal((await read('over.csv', 'a\n1e999\n')).types['a'], 'VARCHAR');
});

test('expected types decide where the values allow it', async () => {
  const { types } = await read('e.csv', 'zip,n,empty,bad\n123,1,,1\n456,2,,x\n', {
    zip: 'string',
    n: 'number',
    empty: 'date',
    bad: 'integer',
  });
  assert.deepEqual(types, { zip: 'VARCHAR', n: 'DOUBLE', empty: 'DATE', bad: 'VARCHAR' });
});

test('column names cannot leave their quotes', async () => {
  const name = `x'}); DROP TABLE y; --`;
  const { types, values } = await read('inject.csv', `"${name}","a""b",select\n1,2,3\n`);
  assert.deepEqual(types, { [name]: 'BIGINT', 'a"b': 'BIGINT', select: 'BIGINT' });
  assert.deepEqual(values, [{ [name]: 1, 'a"b': 2, select: 3 }]);
});

test('JSON lines keep nested values and types', async () => {
  const { types, values } = await read('a.jsonl', '{"id":1,"tags":["a"],"o":{"x":1.5},"when":"2001-01-01"}\n{"id":2,"extra":null}\n', {
    id: 'number',
  });
  assert.deepEqual(types, { id: 'DOUBLE', tags: 'VARCHAR[]', o: 'STRUCT(x DOUBLE)', when: 'DATE', extra: 'VARCHAR' });
  assert.deepEqual(values[0], { id: 1, tags: ['a'], o: { x: 1.5 }, when: '2001-01-01', extra: null });
});

test('the same bytes give the same Parquet bytes', async () => {
  const content = `a,b\n${Array.from({ length: 300_000 }, (_, n) => `${n},${n % 7}`).join('\n')}\n`;
  const digests = [];
  for (let time = 0; time < 2; time++) {
    const { target } = await read('same.csv', content);
    digests.push(
      createHash('sha256')
        .update(await readFile(target))
        .digest('hex'),
    );
  }
  assert.equal(digests[0], digests[1]);
});

const faults: readonly (readonly [title: string, name: string, content: string | Uint8Array, code: string, message: RegExp])[] = [
  ['an empty file', 'z.csv', '', 'data.file-empty', /"z.csv" is empty/],
  ['a file of blank lines', 'z.csv', '\n\n', 'data.file-empty', /is empty/],
  ['a header without rows', 'z.csv', 'a,b\n', 'data.file-no-rows', /not a single row/],
  ['a short row', 'z.csv', 'a,b,c\n1,2,3\n4,5\n', 'data.file-rows-ragged', /line 3 has 2 fields where the header has 3/],
  ['a long row far down', 'z.csv', `a,b,c\n${'1,2,3\n'.repeat(50_000)}1,2,3,4\n`, 'data.file-rows-ragged', /line 50002 has 4 fields/],
  ['an open quote', 'z.csv', 'a,b\n1,"x\n2,y\n', 'data.file-corrupt', /not a sound CSV file.*quote/s],
  [
    'a CSV file in Latin-1',
    'z.csv',
    Buffer.from('a,b\n1,caf\xe9\n', 'latin1'),
    'data.file-encoding',
    /not UTF-8 text \(first seen in line 2\)/,
  ],
  ['a Latin-1 byte far down', 'z.csv', Buffer.from(`a\n${'x\n'.repeat(600_000)}caf\xe9\n`, 'latin1'), 'data.file-encoding', /line 600002/],
  ['a CSV file in UTF-16', 'z.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'data.file-encoding', /UTF-8/],
  ['equal column names', 'z.csv', 'a,b,A,a\n1,2,3,4\n', 'data.file-columns-repeated', /a, A/],
  ['no column names', 'z.csv', '1,2\n3,4\n', 'data.file-header-missing', /only numbers/],
  ['an unnamed column', 'z.csv', 'a,,c\n1,2,3\n', 'data.file-header-missing', /field 2/],
  ['an empty Parquet file', 'z.parquet', '', 'data.file-empty', /is empty/],
  ['text called Parquet', 'z.parquet', 'a,b\n1,2\n', 'data.file-corrupt', /not a sound Parquet file/],
  ['no known format', 'z.xlsx', 'PK', 'data.file-format-unknown', /z.xlsx/],
  ['empty JSON lines', 'z.jsonl', '\n', 'data.file-empty', /is empty/],
  ['JSON lines cut off', 'z.jsonl', '{"a":1}\n{"a":\n', 'data.file-corrupt', /Malformed JSON in file "z.jsonl".*line/],
  ['a JSON list', 'z.jsonl', '[{"a":1}]', 'data.file-corrupt', /one JSON object/],
  ['a number among objects', 'z.jsonl', '{"a":1}\n5\n', 'data.file-corrupt', /JSON lines/],
  ['equal member names', 'z.jsonl', '{"a":1}\n{"A":2}\n', 'data.file-columns-repeated', /upper and lower case/],
  ['the same member twice', 'z.jsonl', '{"a":1,"a":2}\n', 'data.file-corrupt', /duplicate key/],
  ['JSON lines in Latin-1', 'z.jsonl', Buffer.from('{"a":"caf\xe9"}\n', 'latin1'), 'data.file-encoding', /UTF-8/],
];
for (const [title, name, content, code, message] of faults) {
  test(`${title} is refused as ${code}`, async () => {
    await assert.rejects(read(name, content), { code, message });
  });
}

test('a truncated or damaged Parquet file is refused', async () => {
  const path = await bench.parquet('whole.parquet', `SELECT range AS a, md5(range::VARCHAR) AS b FROM range(50000)`);
  const whole = await readFile(path);
  await assert.rejects(read('cut.parquet', whole.subarray(0, whole.length / 2)), { code: 'data.file-corrupt' });
  await assert.rejects(read('tail.parquet', whole.subarray(0, whole.length - 1)), { code: 'data.file-corrupt' });
  await assert.rejects(read('magic.parquet', 'PAR1PAR1'), { code: 'data.file-corrupt' });
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 1000, 5000);
  await assert.rejects(read('damaged.parquet', damaged), { code: 'data.file-corrupt' });
  const footer = Buffer.from(whole);
  footer.fill(0xff, whole.length - 300, whole.length - 8);
  await assert.rejects(read('footer.parquet', footer), { code: 'data.file-corrupt' });
  assert.equal((await read('sound.parquet', whole)).rows, 50_000);
});

test('a Parquet file without rows is refused', async () => {
  const path = await bench.parquet('none.parquet', 'SELECT 1 AS a WHERE false');
  await assert.rejects(read('none2.parquet', await readFile(path)), { code: 'data.file-no-rows' });
});

test('a file that is not there is named', async () => {
  const file = { path: '/nowhere/at/all.csv', name: 'all.csv', format: 'csv' } as const;
  await assert.rejects(normaliseFile(bench.analytics, { file, target: `${bench.directory}/t.parquet`, expected: new Map() }), {
    code: 'data.file-not-found',
  });
});
