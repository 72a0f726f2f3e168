import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { httpErrors } from './errors.ts';
import { checkOrigin } from './guard.ts';
import { problemResponse } from './problem.ts';

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
  /** Answers what no endpoint answers: the pages of the web interface. */
  readonly fallback?: (request: Request) => Promise<Response | undefined>;
  readonly nextRequestId: () => string;
}

/** @throws `http.port-taken` */
export async function listen(app: Hono, options: ListenOptions): Promise<HttpServer> {
  const hosts = [...(options.hosts ?? []), options.host.toLowerCase()];
  async function fetch(request: Request): Promise<Response> {
    const refusal = checkOrigin(request, hosts);
    if (refusal !== undefined) return problemResponse(refusal, options.nextRequestId());
    const response = await app.fetch(request);
    if (response.status !== 404 || response.headers.has('x-request-id')) return response;
    const page = await options.fallback?.(request);
    const { pathname } = new URL(request.url);
    return page ?? problemResponse(httpErrors['no-such-endpoint']({ method: request.method, path: pathname }), options.nextRequestId());
  }
  const server = createAdaptorServer({ fetch }) as Server;
  await start(server, options);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
  return { host: options.host, port, address: `http://${options.host}:${port}`, close: (graceMs = 5000) => close(server, graceMs) };
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
