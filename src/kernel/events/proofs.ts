import type { Database } from '../database/index.ts';
import { eventErrors } from './errors.ts';
import type { RipenEvent } from './event.ts';
import { findEvents, readHead, readNodes } from './event-store.ts';
import { consistencyPath, type Hash, inclusionPath, type NodeReader, rootOf } from './merkle.ts';

/** That an event is in the log, checkable by anybody with `verifyInclusion`. */
export interface InclusionProof {
  readonly event: RipenEvent;
  readonly leaf: Hash;
  /** Zero-based: event number minus one. */
  readonly index: number;
  readonly size: number;
  readonly path: readonly Hash[];
  readonly root: Hash;
}

/** That the log of `newSize` events begins with the log of `size` events. */
export interface ConsistencyProof {
  readonly size: number;
  readonly newSize: number;
  readonly root: Hash;
  readonly newRoot: Hash;
  readonly path: readonly Hash[];
}

/** @throws `events.no-such-number` */
export async function proveInclusion(database: Database, number: number, atSize?: number): Promise<InclusionProof> {
  const head = await readHead(database);
  const size = atSize ?? head.size;
  if (!(number >= 1 && number <= size && size <= head.size))
    throw eventErrors['no-such-number']({ number, size: Math.min(size, head.size) });
  const [stored] = await findEvents(database, { after: number - 1, upTo: number });
  if (stored === undefined) throw eventErrors['no-such-number']({ number, size });
  const path = await withNodes(database, (read) => inclusionPath(number - 1, size, read));
  const root = await rootAt(database, size);
  return { event: stored.event, leaf: stored.leafHash, index: number - 1, size, path, root };
}

/** @throws `events.no-such-size` */
export async function proveConsistency(database: Database, size: number, newSize: number): Promise<ConsistencyProof> {
  const head = await readHead(database);
  if (!(size >= 0 && size <= newSize && newSize <= head.size)) throw eventErrors['no-such-size']({ size, newSize });
  const path = await withNodes(database, (read) => consistencyPath(size, newSize, read));
  return { size, newSize, root: await rootAt(database, size), newRoot: await rootAt(database, newSize), path };
}

/** The Merkle root over the first `size` events. */
export async function rootAt(database: Database, size: number): Promise<Hash> {
  const addresses = peakAddresses(size);
  const nodes = await readNodes(database, addresses);
  const peaks = addresses.map(
    ({ level, position }) => nodes.find((node) => node.level === level && node.position === position)?.hash ?? '',
  );
  return rootOf({ size, peaks });
}

function peakAddresses(size: number): { level: number; position: number }[] {
  const addresses = [];
  let covered = 0;
  for (let level = Math.floor(Math.log2(Math.max(size, 1))); level >= 0; level--) {
    const width = 2 ** level;
    if (size - covered < width) continue;
    addresses.push({ level, position: covered / width });
    covered += width;
  }
  return addresses;
}

/** Runs a path computation twice: first to learn which nodes it reads, then with those nodes, fetched at once. */
async function withNodes(database: Database, compute: (read: NodeReader) => Hash[]): Promise<Hash[]> {
  const wanted: { level: number; position: number }[] = [];
  compute((level, position) => {
    wanted.push({ level, position });
    return '';
  });
  const nodes = new Map((await readNodes(database, wanted)).map((node) => [`${node.level}/${node.position}`, node.hash]));
  return compute((level, position) => nodes.get(`${level}/${position}`) ?? '');
}
