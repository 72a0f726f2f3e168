import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answerRequest } from './answer-request.ts';
import type { GatewayParts } from './gateway-parts.ts';

export interface Gateway {
  readonly address: string;
  /** Stops accepting, lets what is under way finish for a second. */
  close(): Promise<void>;
}

/** Beyond a loopback address there is no authentication yet, so the gateway stays on it. */
const host = '127.0.0.1';
const graceMs = 1000;

/**
 * Opens the account's door for predictions.
 * @throws Error when the port is taken
 */
export async function openGateway(parts: GatewayParts, { directory, port }: { directory: string; port: number }): Promise<Gateway> {
  const server = createServer((request, response) => void respond(parts, request, response));
  server.keepAliveTimeout = 65_000;
  const remembered = join(directory, 'gateway.json');
  const bound = await listenSomewhere(server, port, remembered);
  writeFileSync(remembered, JSON.stringify({ port: bound }));
  return { address: `http://${host}:${bound}`, close: () => close(server) };
}

async function respond(parts: GatewayParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, body, headers } = await answerRequest(parts, request);
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  } catch (error) {
    parts.log.error({ err: error, url: request.url }, 'a prediction request failed inside');
    response.destroy();
  }
}

/** The port of last time where any will do, so that callers find the gateway again. */
async function listenSomewhere(server: Server, port: number, remembered: string): Promise<number> {
  if (port !== 0) return listen(server, port);
  const last = lastPort(remembered);
  if (last === undefined) return listen(server, 0);
  try {
    return await listen(server, last);
  } catch {
    // Somebody else has it by now.
    return listen(server, 0);
  }
}

function lastPort(path: string): number | undefined {
  try {
    const { port } = JSON.parse(readFileSync(path, 'utf8')) as { port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch {
    // The first start in this account.
    return undefined;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`The port ${port} of the gateway is taken: set RIPEN_GATEWAY_PORT to a free one`, { cause: error })
          : error,
      );
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
