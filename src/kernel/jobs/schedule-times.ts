import { Cron } from 'croner';
import { jobErrors } from './errors.ts';

/**
 * The first time after `after` (epoch ms) at which `cron` is due in the IANA `zone`. When clocks go forward, a time that does not
 * exist is due once, right after the gap; when they go back, a fixed time that comes twice is due once, the first time.
 * @throws `jobs.invalid-cron`, `jobs.never-due`
 */
export function nextTime(cron: string, zone: string, after: number): number {
  let next: Date | null;
  try {
    // Paused: croner only calculates here, the schedule itself is a row.
    next = new Cron(cron, { timezone: zone, paused: true }).nextRun(new Date(after));
  } catch (cause) {
    throw jobErrors['invalid-cron']({ cron, zone, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
  if (next === null) throw jobErrors['never-due']({ cron, zone });
  return next.getTime();
}
