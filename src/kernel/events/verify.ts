import type { Database } from '../database/index.ts';
import { leafContent } from './event.ts';
import { findEvents, readAllInnerNodes, readHead } from './event-store.ts';
import { appendLeaf, emptyTree, type Hash, hashLeaf, rootOf } from './merkle.ts';

/** One thing that is not as it was written. */
export interface LogFault {
  /** The event it was found at; for a fault of the tree, the last event below that node. */
  readonly number: number;
  readonly fault: 'missing' | 'changed' | 'tree-changed' | 'head-changed';
  readonly explanation: string;
}

export interface LogVerification {
  readonly ok: boolean;
  readonly size: number;
  readonly root: Hash;
  readonly faults: readonly LogFault[];
}

const page = 2000;
const mostFaults = 20;

/** Re-hashes every event, rebuilds the tree and compares each stored leaf, inner node and the head. */
export async function verifyLog(database: Database): Promise<LogVerification> {
  const stored = await readHead(database);
  const nodes = new Map((await readAllInnerNodes(database)).map((node) => [`${node.level}/${node.position}`, node.hash]));
  const faults: LogFault[] = [];
  let head = emptyTree;
  for (;;) {
    const events = await findEvents(database, { after: head.size, upTo: stored.size, limit: page });
    if (events.length === 0) break;
    for (const { event, leafHash } of events) {
      const number = head.size + 1;
      if (event.number !== number) {
        faults.push({ number, fault: 'missing', explanation: `Event ${number} is missing; the next one is ${event.number}.` });
        return { ok: false, size: stored.size, root: rootOf(stored), faults };
      }
      const leaf = hashLeaf(leafContent(event));
      if (leaf !== leafHash)
        faults.push({ number, fault: 'changed', explanation: `Event ${number} (${event.type}) was changed after it was written.` });
      // Going on with the recorded leaf tells a changed event from a changed tree.
      const step = appendLeaf(head, leafHash);
      head = step.head;
      for (const node of step.completed) {
        if (nodes.get(`${node.level}/${node.position}`) === node.hash) continue;
        faults.push({
          number,
          fault: 'tree-changed',
          explanation: `The tree node at level ${node.level}, position ${node.position} does not match the events below it.`,
        });
      }
      if (faults.length >= mostFaults) return { ok: false, size: stored.size, root: rootOf(stored), faults };
    }
  }
  if (head.size !== stored.size)
    faults.push({
      number: head.size + 1,
      fault: 'missing',
      explanation: `The log says ${stored.size} events, but ends after ${head.size}.`,
    });
  else if (rootOf(head) !== rootOf(stored))
    faults.push({ number: head.size, fault: 'head-changed', explanation: 'The recorded head does not match the events.' });
  return { ok: faults.length === 0, size: stored.size, root: rootOf(stored), faults };
}
