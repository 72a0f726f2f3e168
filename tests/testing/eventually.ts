import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** Looks until `look` gives something, an error counting as nothing yet, and gives it. Limits are wide, since machines are busy. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  limitMs = 60_000,
): Promise<Found> {
  const end = Date.now() + limitMs;
  let last = '';
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = `; last error: ${error instanceof Error ? error.message : JSON.stringify(error)}`;
    }
    assert.ok(Date.now() < end, `not within ${limitMs} ms: ${what}${last}`);
    await pause(100);
  }
}
