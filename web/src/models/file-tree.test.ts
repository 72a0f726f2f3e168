import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treeRows } from './file-tree.ts';

const rows = (...names: string[]) =>
  treeRows(names.map((name) => ({ name, size: 1 }))).map(({ label, depth }) => `${'  '.repeat(depth)}${label}`);

test('folders come before files, each before what it holds', () => {
  assert.deepEqual(rows('model.pkl', 'code/pkg/b.py', 'MLmodel', 'code/a10.py', 'code/a9.py'), [
    'code/',
    '  pkg/',
    '    b.py',
    '  a9.py',
    '  a10.py',
    'MLmodel',
    'model.pkl',
  ]);
  assert.deepEqual(rows(), []);
});

test('a file and a folder may share a name', () => {
  assert.deepEqual(rows('a', 'a/b'), ['a/', '  b', 'a']);
});
