import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { canonicalJson, continues, hashLeaf, includes } from './merkle.ts';

const sha = (...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const parent = (left: string, right: string) => sha(Uint8Array.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));

/** The root as RFC 9162 defines it, by halves. */
function rootOf(leaves: readonly string[]): string {
  if (leaves.length <= 1) return leaves[0] ?? sha('');
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return parent(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

function pathOf(index: number, leaves: readonly string[]): readonly string[] {
  if (leaves.length <= 1) return [];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return index < half
    ? [...pathOf(index, leaves.slice(0, half)), rootOf(leaves.slice(half))]
    : [...pathOf(index - half, leaves.slice(half)), rootOf(leaves.slice(0, half))];
}

function prefixPath(size: number, leaves: readonly string[], whole = true): readonly string[] {
  if (size === leaves.length) return whole ? [] : [rootOf(leaves)];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return size <= half
    ? [...prefixPath(size, leaves.slice(0, half), whole), rootOf(leaves.slice(half))]
    : [...prefixPath(size - half, leaves.slice(half), false), rootOf(leaves.slice(0, half))];
}

const all = Array.from({ length: 17 }, (_, index) => sha(`leaf ${index}`));

test('every leaf of every small tree is proved, and no other leaf or root is', async () => {
  for (let size = 1; size <= all.length; size++) {
    const leaves = all.slice(0, size);
    for (let index = 0; index < size; index++) {
      const proof = { leaf: leaves[index] ?? '', index, size, path: pathOf(index, leaves), root: rootOf(leaves) };
      assert.ok(await includes(proof));
      assert.ok(!(await includes({ ...proof, leaf: sha('forged') })));
      assert.ok(!(await includes({ ...proof, root: sha('forged') })));
    }
  }
});

test('a longer log is proved to begin with the shorter one, and not with another', async () => {
  for (let newSize = 1; newSize <= all.length; newSize++) {
    for (let size = 1; size <= newSize; size++) {
      const leaves = all.slice(0, newSize);
      const proof = { size, newSize, root: rootOf(leaves.slice(0, size)), newRoot: rootOf(leaves), path: prefixPath(size, leaves) };
      assert.ok(await continues(proof), `${size} of ${newSize}`);
      assert.ok(!(await continues({ ...proof, root: sha('forged') })));
    }
  }
});

test('an event is hashed in the one spelling that the log uses', async () => {
  assert.equal(canonicalJson({ b: [1, { z: 'ü', a: null }], a: undefined, c: 1e21 }), '{"b":[1,{"a":null,"z":"ü"}],"c":1e+21}');
  assert.equal(await hashLeaf({ b: 1, a: 2 }), sha(Uint8Array.of(0), '{"a":2,"b":1}'));
});
