import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answerRequest } from './answer-request.ts';
import type { GatewayParts } from './gateway-parts.ts';

export interface Gateway {
  /** Undefined while it is not open. */
  readonly address: string | undefined;
  /** Why it is not open. */
  readonly problem: string | undefined;
  /** Stops accepting, lets what is under way finish for a second. */
  close(): Promise<void>;
}

/** Beyond a loopback address there is no authentication yet, so the gateway stays on it. */
const host = '127.0.0.1';
const graceMs = 1000;
const retryMs = 2000;

interface GatewayPlace {
  readonly directory: string;
  readonly port: number;
  /** Its address or its problem have changed. */
  readonly onChange: () => void;
}

/** Opens the account's door for predictions. While its port is taken it tries again; the models stay warm meanwhile. */
export function openGateway(parts: GatewayParts, { directory, port, onChange }: GatewayPlace): Gateway {
  const server = createServer((request, response) => void respond(parts, request, response));
  server.keepAliveTimeout = 65_000;
  const remembered = join(directory, 'gateway.json');
  let address: string | undefined;
  let problem: string | undefined;
  let again: NodeJS.Timeout | undefined;
  const attempt = async (): Promise<void> => {
    try {
      const bound = await listenSomewhere(server, port, remembered);
      writeFileSync(remembered, JSON.stringify({ port: bound }));
      address = `http://${host}:${bound}`;
      problem = undefined;
      parts.log.info({ address }, 'the gateway is up');
    } catch (error) {
      if (problem === undefined) parts.log.error({ err: error }, 'the gateway cannot be opened');
      problem = error instanceof Error ? error.message : String(error);
      again = setTimeout(() => void attempt(), retryMs);
    }
    onChange();
  };
  void attempt();
  return {
    get address() {
      return address;
    },
    get problem() {
      return problem;
    },
    close() {
      clearTimeout(again);
      return close(server);
    },
  };
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
          ? new Error(`The port ${port} of the gateway is taken by another program; end that, or set RIPEN_GATEWAY_PORT to a free one`, {
              cause: error,
            })
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
