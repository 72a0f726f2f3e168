import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../database/index.ts';
import type { Ids } from '../ids.ts';
import { type ChangeContext, type EventDraft, leafContent, type RipenEvent } from './event.ts';
import { type EventFilter, findEvents, insertEvents, readHead, type StoredEvent, takeTurn } from './event-store.ts';
import { appendLeaf, hashLeaf, rootOf, type TreeNode } from './merkle.ts';

/** A transaction that may also say what has happened. */
export interface Change extends Queryable {
  emit(event: EventDraft): void;
}

export interface EventLog {
  readonly database: Database;
  /**
   * Runs `work` in one transaction and appends the events it emits in that same transaction: both or neither.
   * Changes take turns, so a change sees every earlier one. Await nothing but SQL inside.
   */
  change<Result>(context: ChangeContext, work: (change: Change) => Promise<Result>): Promise<Result>;
  find(filter: EventFilter): Promise<readonly RipenEvent[]>;
  /** How many events there are, and the Merkle root over them. */
  head(): Promise<{ readonly size: number; readonly root: string }>;
  /** Calls `listener` after each commit that appended events; returns the way to stop. A hint, not a delivery. */
  onAppend(listener: (size: number) => void): () => void;
}

export function createEventLog({ database, clock, ids }: { database: Database; clock: Clock; ids: Ids }): EventLog {
  const listeners = new Set<(size: number) => void>();
  return {
    database,
    async change(context, work) {
      let size = 0;
      const result = await database.transaction(async (tx) => {
        await takeTurn(tx);
        const drafts: EventDraft[] = [];
        const done = await work({ dialect: tx.dialect, query: () => tx.query(), emit: (draft) => drafts.push(draft) });
        if (drafts.length > 0) size = await append(tx, drafts, { context, time: clock.now(), ids });
        return done;
      });
      if (size > 0) for (const listener of listeners) listener(size);
      return result;
    },
    find: async (filter) => (await findEvents(database, filter)).map((stored) => stored.event),
    async head() {
      const head = await readHead(database);
      return { size: head.size, root: rootOf(head) };
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function append(
  tx: Queryable,
  drafts: readonly EventDraft[],
  stamp: { context: ChangeContext; time: number; ids: Ids },
): Promise<number> {
  let head = await readHead(tx);
  const stored: StoredEvent[] = [];
  const completed: TreeNode[] = [];
  for (const draft of drafts) {
    const { actor, project } = stamp.context;
    // What JSON cannot carry (undefined members) must not be hashed either.
    const data = JSON.parse(JSON.stringify(draft.data)) as RipenEvent['data'];
    const event: RipenEvent = { ...draft, data, number: head.size + 1, id: stamp.ids.next(), time: stamp.time, actor, project };
    const leafHash = hashLeaf(leafContent(event));
    const step = appendLeaf(head, leafHash);
    head = step.head;
    completed.push(...step.completed);
    stored.push({ event, leafHash });
  }
  await insertEvents(tx, stored, head, completed);
  return head.size;
}
