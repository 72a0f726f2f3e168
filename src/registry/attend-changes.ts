import type { Change, ChangeContext, EventDraft, EventLog } from '#kernel/events/index.ts';

/** Something that belongs to changes of the registry and is written with them, or not at all. Awaits nothing but SQL. */
export type Attendant = (change: Change, said: readonly EventDraft[], context: ChangeContext) => Promise<void>;

/** The event log as the registry's commands use it: after each change its attendants see, in the same transaction, what was said. */
export function attendChanges(events: EventLog, attendants: readonly Attendant[]): EventLog {
  return {
    ...events,
    change: (context, work) =>
      events.change(context, async (change) => {
        const said: EventDraft[] = [];
        const result = await work({
          ...change,
          emit(event) {
            said.push(event);
            change.emit(event);
          },
        });
        if (said.length > 0) for (const attend of attendants) await attend(change, said, context);
        return result;
      }),
  };
}
