import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from './csv.ts';

test('quoted fields hold separators, line ends and quotes', () => {
  deepEqual(parseCsv('a,b\r\n"x, y","say ""hi"""\n"two\nlines",\n'), [
    ['a', 'b'],
    ['x, y', 'say "hi"'],
    ['two\nlines', ''],
  ]);
});

test('empty lines and an empty text have no rows', () => {
  deepEqual(parseCsv(''), []);
  deepEqual(parseCsv('a\tb\n\n1\t2', '\t'), [
    ['a', 'b'],
    ['1', '2'],
  ]);
});
