/** The longest wait between two attempts, in ms. */
const longest = 15_000;

/** How long to wait before attempt `attempt + 1`, in ms: doubling, with chance so that many clients do not come back at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return Math.min(longest, 100 * 2 ** Math.min(attempt - 1, 20)) * (0.5 + random() / 2);
}

/** What `Retry-After` says, in ms: seconds or a date. */
export function retryAfter(response: Response, now: number): number {
  const text = response.headers.get('retry-after');
  if (text === null) return 0;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 60_000) : 0;
}

/** @throws the reason of the signal when it fires */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
