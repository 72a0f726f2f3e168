import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface ReceivedDelivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly address: string;
  /** Everything that arrived, in order. */
  readonly received: readonly ReceivedDelivery[];
  /** How the next requests are answered; 200 when nothing is said. */
  answer(how: (response: ServerResponse, request: IncomingMessage, count: number) => void): void;
  /** Waits until `count` deliveries have arrived; 10 s at most. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP server that writes down what it is sent. */
export async function openReceiver(): Promise<Receiver> {
  const received: ReceivedDelivery[] = [];
  let answer: Parameters<Receiver['answer']>[0] = (response) => response.end('ok');
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      answer(response, request, received.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    received,
    answer(how) {
      answer = how;
    },
    async until(count) {
      for (const end = Date.now() + 10_000; received.length < count; await pause(5))
        if (Date.now() > end) throw new Error(`${received.length} of ${count} deliveries arrived within 10 s`);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
