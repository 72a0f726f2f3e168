import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  appendLeaf,
  consistencyPath,
  emptyTree,
  type Hash,
  hashLeaf,
  inclusionPath,
  rootOf,
  type TreeHead,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

function grow(leaves: readonly Hash[]): { head: TreeHead; roots: Hash[]; read: (level: number, position: number) => Hash } {
  const nodes = new Map<string, Hash>(leaves.map((hash, index) => [`0/${index}`, hash]));
  const roots = [rootOf(emptyTree)];
  let head = emptyTree;
  for (const leaf of leaves) {
    const step = appendLeaf(head, leaf);
    head = step.head;
    for (const node of step.completed) nodes.set(`${node.level}/${node.position}`, node.hash);
    roots.push(rootOf(head));
  }
  return { head, roots, read: (level, position) => nodes.get(`${level}/${position}`) ?? assert.fail(`no node ${level}/${position}`) };
}

const leaves = (count: number) => Array.from({ length: count }, (_, index) => hashLeaf(`event ${index}`));

test('the root of the known Certificate Transparency test tree', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const { head } = grow(inputs.map((hex) => hashLeaf(Buffer.from(hex, 'hex').toString('latin1'))));
  assert.equal(rootOf(head), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('each leaf of each tree has an inclusion proof that verifies, and no other leaf does', () => {
  const tree = grow(leaves(40));
  for (let size = 1; size <= 40; size++) {
    for (let index = 0; index < size; index++) {
      const path = inclusionPath(index, size, tree.read);
      const proof = { leaf: hashLeaf(`event ${index}`), index, size, path, root: tree.roots[size] ?? '' };
      assert.ok(verifyInclusion(proof), `${index} of ${size}`);
      assert.ok(!verifyInclusion({ ...proof, leaf: hashLeaf('forged') }));
      assert.ok(!verifyInclusion({ ...proof, index: (index + 1) % 41 }));
    }
  }
});

test('each smaller tree is proved a prefix of each larger one', () => {
  const tree = grow(leaves(40));
  for (let newSize = 0; newSize <= 40; newSize++) {
    for (let size = 0; size <= newSize; size++) {
      const path = consistencyPath(size, newSize, tree.read);
      const proof = { size, root: tree.roots[size] ?? '', newSize, newRoot: tree.roots[newSize] ?? '', path };
      assert.ok(verifyConsistency(proof), `${size} in ${newSize}`);
      if (size > 0) assert.ok(!verifyConsistency({ ...proof, root: hashLeaf('forged') }), `forged ${size} in ${newSize}`);
    }
  }
});

test('a rewritten past is never consistent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 199 }), (size, changed) => {
      fc.pre(changed < size);
      const honest = grow(leaves(size));
      const forged = grow([...leaves(size).with(changed, hashLeaf('rewritten')), hashLeaf('more')]);
      const path = consistencyPath(size, size + 1, forged.read);
      assert.ok(!verifyConsistency({ size, root: rootOf(honest.head), newSize: size + 1, newRoot: rootOf(forged.head), path }));
    }),
    { numRuns: 50 },
  );
});
