/** Counts by UTC day with the newest events behind them: what a share over a sliding window is made of. */
export interface TallyDay {
  met: number;
  all: number;
  /** Newest event numbers that meet, and that miss, what is counted. */
  metEvents: number[];
  missedEvents: number[];
}

export type Tally = Record<string, TallyDay>;

const eventsPerDay = 10;
const daysKept = 400;

export const dayMilliseconds = 86_400_000;

export function dayOf(time: number): number {
  return Math.floor(time / dayMilliseconds);
}

/** Counts one observation. Days beyond the newest 400 that have any are dropped, the earliest first. */
export function add(tally: Tally, event: { readonly time: number; readonly number: number }, met: boolean): void {
  const key = String(dayOf(event.time));
  const existing = tally[key];
  const day = existing ?? { met: 0, all: 0, metEvents: [], missedEvents: [] };
  day.all += 1;
  if (met) day.met += 1;
  const events = met ? day.metEvents : day.missedEvents;
  events.push(event.number);
  if (events.length > eventsPerDay) events.shift();
  if (existing !== undefined) return;
  tally[key] = day;
  const days = Object.keys(tally);
  if (days.length > daysKept) delete tally[String(Math.min(...days.map(Number)))];
}

export interface TallySum {
  readonly met: number;
  readonly all: number;
  readonly metEvents: readonly number[];
  readonly missedEvents: readonly number[];
}

/** The sum of all days from `since` on. A time ahead of the assessment (the clock was set back) still counts. */
export function sum(tally: Tally, since: number): TallySum {
  const first = since === -Infinity ? -Infinity : dayOf(since);
  const days = Object.entries(tally).flatMap(([key, day]) => (Number(key) >= first ? [day] : []));
  return {
    met: days.reduce((total, day) => total + day.met, 0),
    all: days.reduce((total, day) => total + day.all, 0),
    metEvents: days.flatMap((day) => day.metEvents),
    missedEvents: days.flatMap((day) => day.missedEvents),
  };
}
