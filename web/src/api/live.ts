import type { QueryClient } from '@tanstack/react-query';
import { address } from './client.ts';
import { createMessageParser } from './message-parser.ts';
import { roomsOf, type QueryRoom } from './rooms.ts';

/** `live`: events arrive. `connecting`: first attempt. `lost`: the stream broke and is being opened again. */
export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveStream {
  readonly state: () => LiveState;
  /** Called after each change of the state; returns the way out. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly close: () => void;
}

const gatherMs = 200;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** The server says something at least every 15 s; after this silence the connection is dead, even if nobody closed it. */
const silenceMs = 40_000;

/**
 * Follows the event stream of a project and makes the queries of the touched rooms stale. A broken stream is resumed with
 * `Last-Event-ID`. It is read with fetch and not with EventSource, which can neither follow events whatever their type is called,
 * nor notice a silent connection, nor go on after the server once refused.
 */
export function openLiveStream(project: string, queries: QueryClient): LiveStream {
  const listeners = new Set<() => void>();
  const ended = new AbortController();
  const stale = new Set<QueryRoom>();
  let state: LiveState = 'connecting';
  let last: string | undefined;
  let gatherTimer: number | undefined;

  function become(next: LiveState): void {
    if (next === state) return;
    // Without a number to resume from, what happened meanwhile is unknown.
    if (state === 'lost' && last === undefined) void queries.invalidateQueries();
    state = next;
    for (const listener of listeners) listener();
  }

  function flush(): void {
    gatherTimer = undefined;
    for (const room of stale) void queries.invalidateQueries({ queryKey: [room] });
    stale.clear();
  }

  async function follow(): Promise<void> {
    for await (const message of readStream(address('/events/stream', { project }), last, ended.signal, () => become('live'))) {
      last = message.id ?? last;
      for (const room of roomsOf(message.event ?? '')) stale.add(room);
      gatherTimer ??= window.setTimeout(flush, gatherMs);
    }
  }

  async function keepFollowing(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!ended.signal.aborted) {
      // Every way in which a stream ends is answered alike: say so on screen, wait, open it again.
      await follow().catch(() => undefined);
      if (ended.signal.aborted) return;
      retryMs = state === 'live' ? firstRetryMs : Math.min(retryMs * 2, longestRetryMs);
      become('lost');
      await new Promise((resolve) => window.setTimeout(resolve, retryMs));
    }
  }

  void keepFollowing();
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      ended.abort();
      window.clearTimeout(gatherTimer);
    },
  };
}

/** Messages of one connection until it ends, breaks or falls silent. */
async function* readStream(url: string, last: string | undefined, ended: AbortSignal, onOpen: () => void) {
  const dead = new AbortController();
  let watch = window.setTimeout(() => dead.abort(), silenceMs);
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (last !== undefined) headers['last-event-id'] = last;
    const response = await fetch(url, { headers, cache: 'no-store', signal: AbortSignal.any([ended, dead.signal]) });
    if (!response.ok || response.body === null) return;
    onOpen();
    const parse = createMessageParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      window.clearTimeout(watch);
      watch = window.setTimeout(() => dead.abort(), silenceMs);
      yield* parse(piece.value);
    }
  } finally {
    window.clearTimeout(watch);
    dead.abort();
  }
}
