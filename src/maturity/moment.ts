/** Moments of the past: an event number or a date as a place in the event log. */
import type { EventLog } from '#kernel/events/index.ts';
import { maturityErrors } from './errors.ts';

/** The last event that an assessment looks at, and the time at which it looks. */
export interface Moment {
  readonly upTo: number;
  readonly at: number;
}

type Log = Pick<EventLog, 'find' | 'head'>;

/** `text`: the number of an event, or a date. @throws `maturity.unknown-moment`, `maturity.event-not-found` */
export async function parseMoment(log: Log, text: string): Promise<Moment> {
  if (/^\d{1,15}$/.test(text)) return momentOfEvent(log, Number(text));
  const at = Date.parse(text);
  if (!/^\d{4}-\d{2}/.test(text) || Number.isNaN(at)) throw maturityErrors['unknown-moment']({ at: text });
  return { upTo: await lastEventBefore(log, at), at };
}

async function momentOfEvent(log: Log, number: number): Promise<Moment> {
  const time = await timeOf(log, number);
  if (time === undefined) throw maturityErrors['event-not-found']({ number, size: (await log.head()).size });
  return { upTo: number, at: time };
}

async function timeOf(log: Log, number: number): Promise<number | undefined> {
  const [event] = await log.find({ after: number - 1, upTo: number, limit: 1 });
  return event?.time;
}

/** The number of the last event at or before a time, 0 if there is none; by halves, for times grow with numbers. */
async function lastEventBefore(log: Log, at: number): Promise<number> {
  let low = 0;
  let high = (await log.head()).size;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const time = await timeOf(log, middle);
    if (time !== undefined && time <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
