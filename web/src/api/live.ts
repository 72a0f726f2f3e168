import type { QueryClient } from '@tanstack/react-query';
import { address } from './client.ts';
import { roomsOf, type QueryRoom } from './rooms.ts';

/** `live`: events arrive. `connecting`: first attempt. `lost`: the stream broke and is being opened again. */
export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveEvent {
  readonly number: number;
  readonly type: string;
  readonly subject: string;
  readonly time: number;
}

export interface LiveStream {
  readonly state: () => LiveState;
  /** Called after each change of the state; returns the way out. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly close: () => void;
}

const gatherMs = 200;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Follows the event stream of a project and makes the queries of the touched rooms stale.
 * The browser itself resumes a broken stream with `Last-Event-ID`. When the server refuses (restart behind a proxy, for example) the
 * browser gives up for good; then a new stream is opened with `after=<last number>` and every room is read again.
 */
export function openLiveStream(project: string, queries: QueryClient): LiveStream {
  const listeners = new Set<() => void>();
  const stale = new Set<QueryRoom>();
  let state: LiveState = 'connecting';
  let last: number | undefined;
  let retryMs = firstRetryMs;
  let source: EventSource | undefined;
  let gatherTimer: number | undefined;
  let retryTimer: number | undefined;

  function become(next: LiveState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function flush(): void {
    gatherTimer = undefined;
    for (const room of stale) void queries.invalidateQueries({ queryKey: [room] });
    stale.clear();
  }

  function receive(message: MessageEvent<string>): void {
    const event = readEvent(message.data);
    if (event === undefined) return;
    last = event.number;
    for (const room of roomsOf(event.type)) stale.add(room);
    gatherTimer ??= window.setTimeout(flush, gatherMs);
  }

  function open(): void {
    source = new EventSource(address('/events/stream', { project, after: last }));
    source.addEventListener('message', receive);
    source.addEventListener('open', () => {
      if (state === 'lost') void queries.invalidateQueries();
      retryMs = firstRetryMs;
      become('live');
    });
    source.addEventListener('error', () => {
      become('lost');
      if (source?.readyState !== EventSource.CLOSED) return;
      retryTimer = window.setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    });
  }

  open();
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      source?.close();
      window.clearTimeout(gatherTimer);
      window.clearTimeout(retryTimer);
    },
  };
}

function readEvent(text: string): LiveEvent | undefined {
  const value: unknown = JSON.parse(text);
  const isEvent = typeof value === 'object' && value !== null && 'number' in value && 'type' in value;
  // The stream carries the server's own events; only the fields read here are checked.
  return isEvent && typeof value.number === 'number' && typeof value.type === 'string' ? (value as LiveEvent) : undefined;
}
