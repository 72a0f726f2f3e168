import type { EventLog, RipenEvent } from '#kernel/events/index.ts';
import type { ServerSentEvent } from '#kernel/http/index.ts';

const batch = 500;

/** The events of one project (or all) after a number, and then each new one as it is written, until `signal` fires. */
export async function* followEvents(
  log: EventLog,
  filter: { readonly project: string | undefined; readonly after: number },
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  let cursor = filter.after;
  let wake: () => void = () => {};
  const stop = log.onAppend(() => wake());
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const events = await log.find({ project: filter.project, after: cursor, limit: batch });
      for (const event of events) {
        cursor = event.number;
        yield message(event);
      }
      if (events.length < batch && !signal.aborted) await Promise.race([woken, pause()]);
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}

const message = (event: RipenEvent): ServerSentEvent => ({ id: String(event.number), event: event.type, data: event });

/** Another server on the same database cannot wake us. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2000).unref();
  });
}
