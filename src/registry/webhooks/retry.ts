/** How often a delivery is tried before it is given up: over somewhat more than an hour. */
export const mostAttempts = 12;

const firstPause = 1000;
const longestPause = 15 * 60_000;
const longestAsked = 60 * 60_000;
const jitter = 1000;

/** Answers after which the same request may well succeed later. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return passing.has(status);
}

/** Milliseconds until the next attempt after `attempts` failed ones: 1, 2, 4, … s, up to a second more by chance, and not before the receiver asked. */
export function retryPause(attempts: number, retryAfter: number | undefined, random: () => number): number {
  const pause = Math.min(longestPause, firstPause * 2 ** Math.min(attempts - 1, 20)) + jitter * random();
  return Math.round(Math.max(pause, Math.min(retryAfter ?? 0, longestAsked)));
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), as milliseconds from `now`. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
