/**
 * The pause in ms before the next attempt after `attempts` failed ones: doubled each time up to `longest`, and between half and all of
 * that by chance, so that jobs that failed together do not come back together ("equal jitter").
 */
export function backoff(attempts: number, limits: { readonly first: number; readonly longest: number }, random: () => number): number {
  const full = Math.min(limits.longest, limits.first * 2 ** Math.min(attempts - 1, 40));
  return Math.round(full / 2 + (full / 2) * random());
}
