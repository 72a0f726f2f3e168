/** One message of a `text/event-stream` (WHATWG HTML, server-sent events). */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  /** Sent as JSON, in one line. */
  readonly data: unknown;
}

const heartbeatMs = 15_000;

/**
 * Streams `messages` until they end or the caller hangs up (`signal`). A comment every 15 s keeps proxies from closing
 * an idle stream.
 */
export function eventStream(messages: AsyncIterable<ServerSentEvent>, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const iterator = messages[Symbol.asyncIterator]();
  let heartbeat: NodeJS.Timeout | undefined;
  const finish = () => {
    clearInterval(heartbeat);
    void iterator.return?.();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': open\n\n'));
      heartbeat = setInterval(() => controller.enqueue(encoder.encode(': still here\n\n')), heartbeatMs);
      heartbeat.unref();
      signal.addEventListener('abort', finish, { once: true });
    },
    async pull(controller) {
      const next = await iterator.next();
      if (!next.done) return controller.enqueue(encoder.encode(render(next.value)));
      finish();
      controller.close();
    },
    cancel: finish,
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } });
}

function render({ id, event, data }: ServerSentEvent): string {
  const lines = [
    id === undefined ? '' : `id: ${id}\n`,
    event === undefined ? '' : `event: ${event}\n`,
    `data: ${JSON.stringify(data)}\n\n`,
  ];
  return lines.join('');
}
