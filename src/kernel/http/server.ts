import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { httpErrors } from './errors.ts';
import { checkOrigin, headOf } from './guard.ts';
import type { DirectHandler } from './direct.ts';
import { problemReply, problemResponse } from './problem.ts';

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  /** Stops accepting, lets requests in flight finish for up to `graceMs`, then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Further host names by which the server may be addressed, lower case. */
  readonly hosts?: readonly string[];
  /** Takes its own routes before all others. */
  readonly direct?: DirectHandler;
  /** Answers what no endpoint answers: the pages of the web interface. */
  readonly fallback?: (request: Request) => Promise<Response | undefined>;
  readonly nextRequestId: () => string;
}

/** @throws `http.port-taken` */
export async function listen(app: Hono, options: ListenOptions): Promise<HttpServer> {
  const hosts = [...(options.hosts ?? []), options.host.toLowerCase()];
  async function fetch(request: Request): Promise<Response> {
    const response = await app.fetch(request);
    if (response.status !== 404 || response.headers.has('x-request-id')) return response;
    const page = await options.fallback?.(request);
    const { pathname } = new URL(request.url);
    return page ?? problemResponse(httpErrors['no-such-endpoint']({ method: request.method, path: pathname }), options.nextRequestId());
  }
  const listener = getRequestListener(fetch);
  const server = createServer(serverOptions, (incoming, outgoing) => {
    if (refuseForeign(incoming, outgoing, { hosts, nextRequestId: options.nextRequestId })) return;
    if (options.direct?.(incoming, outgoing) !== true) void listener(incoming, outgoing);
  });
  await start(server, options);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
  return { host: options.host, port, address: `http://${options.host}:${port}`, close: (graceMs = 5000) => close(server, graceMs) };
}

/**
 * A connection that is kept longer than its client keeps it is never closed under a request. An upload of many gigabytes takes longer
 * than node's five minutes; who stops sending is found by the reader of the body.
 * Filters of a search by GET make an address longer than the 16 KiB that node takes.
 */
const serverOptions = { keepAliveTimeout: 75_000, requestTimeout: 0, maxHeaderSize: 64 * 1024 } as const;

function refuseForeign(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { hosts, nextRequestId }: { hosts: readonly string[]; nextRequestId: () => string },
): boolean {
  const refusal = checkOrigin(headOf(incoming), hosts);
  if (refusal === undefined) return false;
  const { status, headers, body } = problemReply(refusal, nextRequestId());
  outgoing.writeHead(status, headers).end(body);
  return true;
}

function start(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? httpErrors['port-taken']({ host, port }, error) : error),
    );
    server.listen(port, host, () => resolve());
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
