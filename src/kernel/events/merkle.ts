import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 9162 (Certificate Transparency 2.0) section 2.1, over SHA-256. Hashes are lower-case hex.
 * A node is addressed by (level, position): it covers the leaves [position·2^level, (position+1)·2^level), all present.
 */

export type Hash = string;

export interface TreeNode {
  readonly level: number;
  readonly position: number;
  readonly hash: Hash;
}

/** The roots of the largest complete subtrees, left to right: all that appending needs to remember. */
export interface TreeHead {
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export type NodeReader = (level: number, position: number) => Hash;

export const emptyTree: TreeHead = { size: 0, peaks: [] };

export function hashLeaf(content: string): Hash {
  return hash('sha256', `\0${content}`);
}

export function hashChildren(left: Hash, right: Hash): Hash {
  return hash('sha256', Buffer.from(`01${left}${right}`, 'hex'));
}

/** Appends one leaf; `completed` are the inner nodes (level 1 and up) that this leaf makes whole. */
export function appendLeaf(head: TreeHead, leaf: Hash): { readonly head: TreeHead; readonly completed: readonly TreeNode[] } {
  const peaks = [...head.peaks];
  const completed: TreeNode[] = [];
  let top = leaf;
  // Like adding one to a binary number: each trailing 1-bit of the size is a peak that merges.
  for (let level = 1, size = head.size; size % 2 === 1; level++, size = (size - 1) / 2) {
    top = hashChildren(peaks.pop() ?? '', top);
    completed.push({ level, position: Math.floor(head.size / 2 ** level), hash: top });
  }
  return { head: { size: head.size + 1, peaks: [...peaks, top] }, completed };
}

/** The root over the whole tree; for the empty tree the hash of nothing, as the RFC says. */
export function rootOf(head: TreeHead): Hash {
  const [last, ...rest] = head.peaks.toReversed();
  if (last === undefined) return hash('sha256', '');
  return rest.reduce((right, left) => hashChildren(left, right), last);
}

/** The sibling hashes that lead from leaf `index` to the root of the first `size` leaves, nearest first. */
export function inclusionPath(index: number, size: number, read: NodeReader): Hash[] {
  return pathWithin(index, { from: 0, to: size }, read);
}

/** The hashes that prove the first `size` leaves to be a prefix of the first `newSize`. */
export function consistencyPath(size: number, newSize: number, read: NodeReader): Hash[] {
  if (size === 0 || size === newSize) return [];
  return subproof(size, { range: { from: 0, to: newSize }, whole: true }, read);
}

export function verifyInclusion(proof: { leaf: Hash; index: number; size: number; path: readonly Hash[]; root: Hash }): boolean {
  if (proof.index >= proof.size) return false;
  let [index, last, top] = [proof.index, proof.size - 1, proof.leaf];
  for (const sibling of proof.path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      top = hashChildren(sibling, top);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      top = hashChildren(top, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && top === proof.root;
}

export function verifyConsistency(proof: { size: number; root: Hash; newSize: number; newRoot: Hash; path: readonly Hash[] }): boolean {
  const { size, newSize, root, newRoot } = proof;
  if (size === newSize) return root === newRoot && proof.path.length === 0;
  if (size === 0) return proof.path.length === 0;
  if (size > newSize || proof.path.length === 0) return false;
  const isPowerOfTwo = Number.isInteger(Math.log2(size));
  const [first = '', ...path] = isPowerOfTwo ? [root, ...proof.path] : proof.path;
  let [index, last] = [size - 1, newSize - 1];
  while (index % 2 === 1) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  let [oldHash, newHash] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      oldHash = hashChildren(sibling, oldHash);
      newHash = hashChildren(sibling, newHash);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      newHash = hashChildren(newHash, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && oldHash === root && newHash === newRoot;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two below the length: where the RFC splits a tree. */
function split({ from, to }: Range): number {
  let size = 1;
  while (size * 2 < to - from) size *= 2;
  return from + size;
}

function rootOfRange({ from, to }: Range, read: NodeReader): Hash {
  const level = Math.log2(to - from);
  if (Number.isInteger(level)) return read(level, from / (to - from));
  const middle = split({ from, to });
  return hashChildren(rootOfRange({ from, to: middle }, read), rootOfRange({ from: middle, to }, read));
}

function pathWithin(index: number, range: Range, read: NodeReader): Hash[] {
  if (range.to - range.from === 1) return [];
  const middle = split(range);
  const [left, right] = [
    { from: range.from, to: middle },
    { from: middle, to: range.to },
  ];
  return index < middle
    ? [...pathWithin(index, left, read), rootOfRange(right, read)]
    : [...pathWithin(index, right, read), rootOfRange(left, read)];
}

function subproof(size: number, { range, whole }: { range: Range; whole: boolean }, read: NodeReader): Hash[] {
  if (size === range.to) return whole ? [] : [rootOfRange(range, read)];
  const middle = split(range);
  const [left, right] = [
    { from: range.from, to: middle },
    { from: middle, to: range.to },
  ];
  return size <= middle
    ? [...subproof(size, { range: left, whole }, read), rootOfRange(right, read)]
    : [...subproof(size, { range: right, whole: false }, read), rootOfRange(left, read)];
}
