import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import fc from 'fast-check';

import { bucketOf, createRoute } from './routing.ts';

const weight = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);

function twoWay(salt: string, share: number): (key: string) => 'candidate' | 'stable' {
  return createRoute<'candidate' | 'stable'>(salt, [
    { revision: 'candidate', weight: share },
    { revision: 'stable', weight: Math.round((100 - share) * 100) / 100 },
  ]);
}

test('the bucket is the whole digest modulo ten thousand', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (salt, key) => {
      const digest = createHash('sha256')
        .update(salt + key)
        .digest('hex');
      assert.equal(bucketOf(salt, key), Number(BigInt(`0x${digest}`) % 10_000n));
    }),
  );
});

test('growing weight only adds keys to the candidate', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), weight, weight, (salt, key, a, b) => {
      const before = twoWay(salt, Math.min(a, b))(key);
      const after = twoWay(salt, Math.max(a, b))(key);
      assert.ok(before === 'stable' || after === 'candidate');
    }),
  );
});

test('a key keeps its revision, and revisions get their share', () => {
  const route = createRoute('salt', [
    { revision: 'c', weight: 5 },
    { revision: 'b', weight: 20 },
    { revision: 'a', weight: 75 },
  ]);
  const counts = { a: 0, b: 0, c: 0 };
  for (let key = 0; key < 20_000; key++) counts[route(`user-${key}`)] += 1;
  assert.ok(Math.abs(counts.c / 200 - 5) < 0.6 && Math.abs(counts.b / 200 - 20) < 1.2, JSON.stringify(counts));
  assert.equal(route('user-7'), route('user-7'));
});

test('no weight is no traffic, all weight is all traffic', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      assert.equal(twoWay('s', 0)(key), 'stable');
      assert.equal(twoWay('s', 100)(key), 'candidate');
    }),
  );
});

test('weights that are no division of all traffic are refused', () => {
  const bad: readonly (readonly { revision: string; weight: number }[])[] = [
    [],
    [{ revision: 'a', weight: 99 }],
    [
      { revision: 'a', weight: 101 },
      { revision: 'b', weight: -1 },
    ],
    [{ revision: 'a', weight: Number.NaN }],
    [
      { revision: 'a', weight: 50 },
      { revision: 'a', weight: 50 },
    ],
    [
      { revision: 'a', weight: 33.333 },
      { revision: 'b', weight: 66.667 },
    ],
  ];
  for (const weights of bad) assert.throws(() => createRoute('s', weights), { code: 'serving.weights-invalid' });
});
