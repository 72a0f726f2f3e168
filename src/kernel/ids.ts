import { randomFillSync } from 'node:crypto';
import { type Clock, systemClock } from './clock.ts';

/** A string that only its own kind of function may accept. */
export type Branded<Name extends string> = string & { readonly __brand: Name };

/** Makes ids: 32 lower-case hex digits, a UUIDv7 (RFC 9562 section 5.7) without dashes, so that ids sort by creation. */
export interface Ids {
  next(): string;
}

export function randomIds(clock: Clock = systemClock): Ids {
  let last = 0;
  let sequence = 0;
  const pool = randomPool();
  return {
    next() {
      const now = clock.now();
      // Within one millisecond, and when the clock steps back, the 12-bit counter keeps the order.
      if (now > last) {
        last = now;
        sequence = 0;
      } else if (++sequence > 0xfff) {
        last += 1;
        sequence = 0;
      }
      const random = pool.take();
      random[0] = (random[0]! & 0x3f) | 0x80;
      return last.toString(16).padStart(12, '0') + (0x7000 | sequence).toString(16) + random.toString('hex');
    },
  };
}

const bytesOfId = 8;

/** Random bytes fetched many at a time: asking for eight costs as much as asking for a page of them. */
function randomPool(): { take(): Buffer } {
  const pool = Buffer.alloc(512 * bytesOfId);
  let at = pool.length;
  return {
    take() {
      if (at === pool.length) {
        randomFillSync(pool);
        at = 0;
      }
      return pool.subarray(at, (at += bytesOfId));
    },
  };
}

/** Ids for tests: the numbers 1, 2, 3, … as 32 hex digits. */
export function countingIds(): Ids {
  let count = 0;
  return { next: () => (++count).toString(16).padStart(32, '0') };
}
