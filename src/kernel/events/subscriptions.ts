import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../database/index.ts';
import type { RipenEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { readCursor, writeCursor } from './event-store.ts';

export interface Subscription {
  /** Permanent name; the cursor is kept under it. */
  readonly name: string;
  /** Exact types, or prefixes that end in a dot. All when left out. */
  readonly types?: readonly string[];
  /** Where a subscription that has no cursor yet begins. */
  readonly from: 'start' | 'now';
  /**
   * Handles one event. Delivery is at least once and in order: a handler that throws sees the same event again,
   * later and later, and nothing behind it. Must therefore be idempotent.
   */
  handle(event: RipenEvent): Promise<void>;
}

export interface SubscriptionOptions {
  readonly onError?: (error: unknown, event: RipenEvent | undefined, subscription: string) => void;
  /** How often to look without being woken, in ms: another server may have written. */
  readonly pollMs?: number;
}

const batch = 200;
/** In a burst so much time lies between two looks, so that many events cost one. The first event after a rest is not held up. */
const gatherMs = 20;
/** A cursor may lag by so many events that were none of its types: looking at them again costs less than a commit for each. */
const mostUnremembered = 1000;
const longestPause = 30_000;

/** Starts delivering; the returned function stops and resolves when the handler in flight has finished. */
export function subscribe(log: EventLog, subscription: Subscription, options: SubscriptionOptions = {}): () => Promise<void> {
  const stopping = new AbortController();
  let failures = 0;
  let wake: () => void = () => {};
  let woken = false;
  const stopListening = log.onAppend(() => {
    woken = true;
    wake();
  });

  let remembered = 0;

  async function deliver(): Promise<void> {
    let cursor = await startingPoint(log, subscription);
    remembered = cursor;
    while (!stopping.signal.aborted) {
      woken = false;
      const began = performance.now();
      try {
        cursor = await deliverFrom(cursor);
        failures = 0;
      } catch (error) {
        failures += 1;
        const behind = error instanceof HandlerFailed ? error : undefined;
        cursor = behind?.cursor ?? cursor;
        options.onError?.(behind?.cause ?? error, behind?.event, subscription.name);
      }
      if (!stopping.signal.aborted && (failures > 0 || !woken)) await pause();
      const early = gatherMs - (performance.now() - began);
      if (!stopping.signal.aborted && early > 0) await sleep(early);
    }
    if (cursor > remembered) await remember(cursor);
  }

  async function deliverFrom(start: number): Promise<number> {
    let cursor = start;
    for (;;) {
      const { size } = await log.head();
      if (size <= cursor) return cursor;
      const events = await log.find({ types: subscription.types, after: cursor, upTo: size, limit: batch });
      const last = events.length < batch ? size : (events.at(-1)?.number ?? size);
      for (const event of events) {
        if (stopping.signal.aborted) return cursor;
        try {
          await subscription.handle(event);
        } catch (cause) {
          await remember(cursor);
          throw new HandlerFailed(event, cursor, cause);
        }
        cursor = event.number;
      }
      cursor = last;
      if (events.length > 0 || cursor - remembered >= mostUnremembered) await remember(cursor);
    }
  }

  async function remember(number: number): Promise<void> {
    await log.database.transaction((tx: Queryable) => writeCursor(tx, subscription.name, number));
    remembered = number;
  }

  function pause(): Promise<void> {
    const milliseconds = failures > 0 ? Math.min(longestPause, 100 * 2 ** failures) : (options.pollMs ?? 1000);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        if (failures > 0 && !stopping.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = deliver().catch((error: unknown) => options.onError?.(error, undefined, subscription.name));
  return async () => {
    stopping.abort();
    stopListening();
    wake();
    await running;
  };
}

async function startingPoint(log: EventLog, subscription: Subscription): Promise<number> {
  const cursor = await readCursor(log.database, subscription.name);
  if (cursor !== undefined) return cursor;
  const start = subscription.from === 'start' ? 0 : (await log.head()).size;
  await log.database.transaction((tx) => writeCursor(tx, subscription.name, start));
  return start;
}

class HandlerFailed extends Error {
  readonly event: RipenEvent;
  readonly cursor: number;
  constructor(event: RipenEvent, cursor: number, cause: unknown) {
    super(`The handler of event ${event.number} failed`, { cause });
    this.event = event;
    this.cursor = cursor;
  }
}
