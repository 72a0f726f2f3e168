import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherNames } from './gather-names.ts';

test('calls of one turn are one look, those that come later another', async () => {
  const asked: (readonly string[])[] = [];
  const intern = gatherNames(async (names) => {
    asked.push(names);
    return new Map(names.map((name, index) => [name, index]));
  });
  const [first, second] = await Promise.all([intern(['a', 'b']), intern(['b', 'c'])]);
  await intern(['d']);
  assert.deepEqual(asked, [['a', 'b', 'c'], ['d']]);
  assert.deepEqual([first.get('b'), second.get('c')], [1, 2]);
});

test('a name that cannot be kept fails only the call that brought it', async () => {
  const intern = gatherNames(async (names) => {
    if (names.includes('bad')) throw new Error('refused');
    return new Map(names.map((name) => [name, 1]));
  });
  const [good, bad] = await Promise.allSettled([intern(['good']), intern(['bad'])]);
  assert.deepEqual([good.status, bad.status], ['fulfilled', 'rejected']);
});
