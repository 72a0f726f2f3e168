/** Facts out of the event log. */
import type { EventLog, RipenEvent } from '#kernel/events/index.ts';
import { type Facts, foldEvents, lookedUpTo, sharedTypes } from './facts.ts';

const batch = 1000;

/** Folds every event of the log after `facts.upTo` up to and including `upTo`; reads only those that count for the project. */
export async function foldLog(log: Pick<EventLog, 'find'>, facts: Facts, upTo: number): Promise<Facts> {
  while (facts.upTo < upTo) {
    // Numbers have no gaps, so a span of numbers bounds what one batch can hold.
    const end = Math.min(upTo, facts.upTo + batch);
    const span = { after: facts.upTo, upTo: end, limit: batch };
    const own = await log.find({ ...span, project: facts.project });
    const shared = await log.find({ ...span, types: [...sharedTypes] });
    foldEvents(facts, inOrder([...own, ...shared]));
    lookedUpTo(facts, end);
  }
  return facts;
}

/** An event of the project that is shared comes twice; folding skips the second. */
function inOrder(events: readonly RipenEvent[]): readonly RipenEvent[] {
  return events.toSorted((a, b) => a.number - b.number);
}
