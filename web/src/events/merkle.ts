/**
 * Checks of the event log done here, in the browser, so that the server does not have to be believed: the Merkle tree of
 * RFC 9162 section 2.1 over SHA-256, hashes as lower-case hex, leaves as canonical JSON (RFC 8785) of the event.
 */

export interface InclusionFacts {
  readonly leaf: string;
  /** From 0. */
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
}

export interface ConsistencyFacts {
  readonly size: number;
  readonly newSize: number;
  readonly root: string;
  readonly newRoot: string;
  readonly path: readonly string[];
}

/** Browsers hash only on pages from this computer or over https. */
export function canHash(): boolean {
  // The types say it is always there; on plain http from another address it is not.
  return (globalThis.crypto.subtle as SubtleCrypto | undefined) !== undefined;
}

/** The hash of an event as it stands in the log; `value` as the API gave it. */
export async function hashLeaf(value: unknown): Promise<string> {
  return sha256(0, new TextEncoder().encode(canonicalJson(value)));
}

/** Whether `leaf` is number `index` of a tree with `size` leaves and this root (RFC 9162, 2.1.3.2). */
export async function includes({ leaf, index: start, size, path, root }: InclusionFacts): Promise<boolean> {
  if (start >= size) return false;
  let [index, last, hash] = [start, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      hash = await hashChildren(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else {
      hash = await hashChildren(hash, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash === root;
}

/** Whether the tree of `size` leaves is the beginning of the tree of `newSize` leaves (RFC 9162, 2.1.4.2). */
export async function continues({ size, newSize, root, newRoot, path: given }: ConsistencyFacts): Promise<boolean> {
  if (size === newSize) return root === newRoot && given.length === 0;
  if (size === 0) return given.length === 0;
  if (size > newSize || given.length === 0) return false;
  const [first = '', ...path] = Number.isInteger(Math.log2(size)) ? [root, ...given] : given;
  let [index, last] = [size - 1, newSize - 1];
  while (index % 2 === 1) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  let [oldHash, newHash] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      oldHash = await hashChildren(sibling, oldHash);
      newHash = await hashChildren(sibling, newHash);
      while (index % 2 === 0 && index !== 0) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
    } else {
      newHash = await hashChildren(newHash, sibling);
    }
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  return last === 0 && oldHash === root && newHash === newRoot;
}

/** JSON in one spelling: keys in code-unit order, no spaces (RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

async function hashChildren(left: string, right: string): Promise<string> {
  return sha256(1, new Uint8Array([...bytesOf(left), ...bytesOf(right)]));
}

async function sha256(prefix: 0 | 1, content: Uint8Array): Promise<string> {
  const bytes = new Uint8Array(content.length + 1);
  bytes[0] = prefix;
  bytes.set(content, 1);
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): readonly number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
