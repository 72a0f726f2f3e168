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

/** A moment of the traffic as its UTC date and time. */
export function trafficTime(time: number): string {
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(time);
  if (time % day === 0) return date;
  return `${date}, ${new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(time)} UTC`;
}
