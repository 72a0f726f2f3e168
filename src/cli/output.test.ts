import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type Column, formatBytes, renderTable } from './output.ts';

interface Pear {
  readonly name: string;
  readonly grams: number | undefined;
  readonly story: string;
}

const columns: readonly Column<Pear>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Grams', value: ({ grams }) => grams, align: 'right' },
  { title: 'Story', value: ({ story }) => story },
];
const pears: readonly Pear[] = [
  { name: 'Conference', grams: 1_234_567, story: 'Grew in the north of the garden where the sun came late' },
  { name: 'Wil\u001B[31mliams\n', grams: undefined, story: 'short' },
];
const table = (width: number) => stripVTControlCharacters(renderTable(pears, columns, width)).split('\n');

test('texts are cut, numbers are not, and no line is longer than the terminal', () => {
  assert.deepEqual(table(40), ['Name          Grams  Story', 'Conference  1234567  Grew in the north …', 'Williams          –  short']);
  for (const width of [30, 40, 80, 160])
    assert.ok(
      table(width).every((line) => line.length <= width),
      `at ${width}`,
    );
});

test('where there is no room the last columns are left out and named', () => {
  assert.deepEqual(table(20), ['Name          Grams', 'Conference  1234567', 'Williams          –', 'Not shown for want of room: Story.']);
});

test('sizes are told in decimal units', () => {
  assert.deepEqual(
    [formatBytes(0), formatBytes(999), formatBytes(1000), formatBytes(2_500_000), formatBytes(undefined)],
    ['0 B', '999 B', '1.0 kB', '2.5 MB', undefined],
  );
});
