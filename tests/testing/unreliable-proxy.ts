import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: `lose-answer`: the server does it, and nobody hears; `cut-answer`: half of the answer comes. */
export type Fate = 'pass' | 'busy' | 'lose-answer' | 'cut-answer' | 'lose-request' | 'hang';

export interface UnreliableProxy {
  readonly address: string;
  close(): Promise<void>;
}

/** Stands between a client and a server, and does to each request what `fateOf` says. */
export async function unreliableProxy(target: string, fateOf: (request: IncomingMessage) => Fate): Promise<UnreliableProxy> {
  const server = createServer((incoming, outgoing) => {
    const fate = fateOf(incoming);
    if (fate === 'lose-request') incoming.socket.destroy();
    else if (fate === 'busy') refuse(incoming, outgoing);
    else if (fate !== 'hang') forward(target, incoming, outgoing, fate);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // What `listen` with a port gives.
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse): void {
  incoming.resume();
  outgoing.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '0.05' });
  outgoing.end(JSON.stringify({ code: 'tracking.overloaded', detail: 'Too much waits.', status: 429 }));
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, fate: Fate): void {
  const { method, headers } = incoming;
  const upstream = request(new URL(incoming.url ?? '/', target), { method, headers: { ...headers, host: new URL(target).host } });
  incoming.pipe(upstream);
  upstream.on('error', () => incoming.socket.destroy());
  upstream.on('response', (answer) => {
    if (fate === 'pass') {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      return;
    }
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      if (fate === 'cut-answer') {
        const body = Buffer.concat(chunks);
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length + 1 });
        outgoing.write(body.subarray(0, body.length >> 1), () => incoming.socket.destroy());
      } else incoming.socket.destroy();
    });
  });
}
