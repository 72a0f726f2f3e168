import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asRipenError } from '../errors.ts';
import { type BodyRoom, createBodyRoom } from './body-room.ts';
import { type DirectCall, directCall, type DirectReply } from './direct-call.ts';
import { createRouteTable } from './route-table.ts';
import type { Method } from './endpoint.ts';
import { problemReply } from './problem.ts';

/**
 * A route that is answered straight from node's own request and response. For protocols whose clients send thousands of small
 * requests a second or files of many gigabytes; everything else is an `endpoint`.
 */
export interface DirectRoute {
  readonly method: Method;
  /** `/a/{name}/b`; a last segment `{rest*}` takes all that follows. */
  readonly path: string;
  /** Answers every error itself, in the form its clients understand; what it throws all the same is answered as a problem. */
  readonly handle: (call: DirectCall) => Promise<DirectReply>;
}

export interface DirectOptions {
  readonly routes: readonly DirectRoute[];
  /** The paths of our protocols: what is no route there is answered with 404. */
  readonly owned?: RegExp;
  readonly nextRequestId: () => string;
  readonly observe?: (entry: { method: string; path: string; status: number; durationMs: number }) => void;
  readonly failure?: (error: unknown, requestId: string) => void;
  /** How long the connection may stand still while a stream or a large answer is sent, default two minutes: who takes nothing holds a file open. */
  readonly idleMs?: number;
  /** For the bodies that are read into memory. */
  readonly room?: BodyRoom;
}

const defaultIdleMs = 120_000;

/** Answers the request when it is one of the routes; false says that somebody else has to. */
export type DirectHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

export function createDirectHandler(options: DirectOptions): DirectHandler {
  const table = createRouteTable(options.routes);
  const { room = createBodyRoom() } = options;
  return (incoming, outgoing) => {
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET');
    const found = table.find(method, path);
    if (found === undefined) return refuse(path, { outgoing, options, allowed: table.methods(path) });
    const call = directCall(incoming, outgoing, { path, search: mark === -1 ? '' : url.slice(mark + 1), params: found.params, room });
    void answer(found.route, call, { outgoing, options });
    return true;
  };
}

interface Answering {
  readonly outgoing: ServerResponse;
  readonly options: DirectOptions;
}

async function answer(route: DirectRoute, call: DirectCall, { outgoing, options }: Answering): Promise<void> {
  const started = performance.now();
  let reply: DirectReply;
  try {
    reply = await route.handle(call);
  } catch (thrown) {
    const requestId = options.nextRequestId();
    const error = asRipenError(thrown);
    if (error.kind === 'internal') options.failure?.(thrown, requestId);
    reply = problemReply(error, requestId);
  }
  try {
    await send(reply, call, { outgoing, options });
  } catch (thrown) {
    // The head is gone already: a cut connection is the only honest end. Callers that hung up are nobody's failure.
    if (!call.stream.destroyed || !outgoing.closed) options.failure?.(thrown, options.nextRequestId());
    outgoing.destroy();
  }
  options.observe?.({ method: call.method, path: route.path, status: reply.status, durationMs: performance.now() - started });
}

async function send({ status, headers, body }: DirectReply, call: DirectCall, { outgoing, options }: Answering): Promise<void> {
  // Node reads on what is left of the request's body, so that a client which sends all before it reads gets its answer.
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    const says = status === 204 || status === 304 || headers?.['content-length'] !== undefined;
    outgoing.writeHead(status, says ? headers : { ...headers, 'content-length': length });
    if (length > largeAnswer) giveUpWhenIdle(outgoing, options);
    outgoing.end(body);
    return;
  }
  const source = body instanceof Readable ? body : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  if (call.method === 'HEAD') {
    source.destroy();
    outgoing.writeHead(status, headers).end();
    return;
  }
  if (outgoing.destroyed || outgoing.socket?.destroyed === true) {
    // The caller went while the source was opened; `pipeline` would leave it open, and a file that nobody closes ends the process.
    source.destroy();
    return;
  }
  outgoing.writeHead(status, headers);
  giveUpWhenIdle(outgoing, options);
  await pipeline(source, outgoing);
}

/** More than the buffers of a connection are sure to hold. */
const largeAnswer = 64 * 1024;

function giveUpWhenIdle(outgoing: ServerResponse, { idleMs = defaultIdleMs }: DirectOptions): void {
  outgoing.setTimeout(idleMs, () => outgoing.destroy());
}

function refuse(path: string, { outgoing, options, allowed }: Answering & { readonly allowed: readonly string[] }): boolean {
  if (allowed.length > 0) {
    outgoing.writeHead(405, { 'content-type': 'text/plain', allow: allowed.join(', '), connection: 'close' });
    outgoing.end('This address does not take that method.\n');
    return true;
  }
  if (options.owned?.test(path) !== true) return false;
  outgoing.writeHead(404, { 'content-type': 'text/plain', connection: 'close' });
  outgoing.end('There is nothing at this address.\n');
  return true;
}
