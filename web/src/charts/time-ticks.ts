const day = 86_400_000;
const minute = 60_000;

const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const months = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' });
const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Words for the marks of a time axis (epoch ms, `everyMs` apart): as coarse as their distance; midnight shows its date. */
export function timeTicks(times: readonly number[], everyMs: number): readonly string[] {
  if (everyMs >= 27 * day) return times.map((time) => months.format(time));
  if (everyMs >= day) return times.map((time) => dates.format(time));
  const clock = everyMs >= minute ? hours : seconds;
  return times.map((time) => (isMidnight(time) ? dates.format(time) : clock.format(time)));
}

function isMidnight(time: number): boolean {
  const date = new Date(time);
  return date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
}
