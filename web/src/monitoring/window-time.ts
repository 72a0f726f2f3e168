const hour = 3_600_000;
const day = 24 * hour;

/** Windows are cut in UTC, so their names are too: a day as its date, anything else with its clock. */
export function windowName(start: number, end: number): string {
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  if (end - start === day && start % day === 0) return date.format(start);
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return end - start >= day
    ? `${date.format(start)} to ${date.format(end)}`
    : `${date.format(start)}, ${clock.format(start)} to ${clock.format(end)}`;
}

/** Length of a window in its largest whole unit: 1 day, 6 hours, 90 seconds. */
export function lengthName(ms: number): string {
  const units = [
    [day, 'day'],
    [hour, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ] as const;
  const [length, word] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1, 'millisecond'];
  const count = ms / length;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A moment of the traffic as its UTC date and time. */
export function trafficTime(time: number): string {
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(time);
  if (time % day === 0) return date;
  return `${date}, ${new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(time)} UTC`;
}
