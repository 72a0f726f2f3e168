import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { RipenError } from '../errors.ts';
import type { BodyPlace, BodyRoom } from './body-room.ts';
import { httpErrors } from './errors.ts';

/** One request as node gives it, without the objects of the fetch standard around it. */
export interface DirectCall {
  /** Upper case. `HEAD` reaches the routes of `GET`; its reply is sent without the body. */
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. */
  readonly path: string;
  /** What stood for the names in the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body. Whoever takes them sees an error when the caller hangs up in the middle. */
  readonly stream: Readable;
  /**
   * The whole body in memory.
   * @throws `http.body-too-large` above `limit` bytes, `http.body-cut-off`, `http.body-too-slow`, `http.bodies-overloaded`
   */
  body(limit: number): Promise<Buffer>;
  /** Fires when the caller hangs up before the reply is complete. */
  readonly aborted: AbortSignal;
}

export interface DirectReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is sent as fast as the caller takes it, and destroyed when the caller goes. */
  readonly body?: string | Uint8Array | Readable | ReadableStream<Uint8Array> | undefined;
}

/** How long a caller may send nothing in the middle of a body that is read into memory. */
const idleMs = 60_000;

export interface DirectTarget {
  readonly path: string;
  /** What follows the question mark. */
  readonly search: string;
  readonly params: Readonly<Record<string, string>>;
  readonly room: BodyRoom;
}

export function directCall(incoming: IncomingMessage, outgoing: ServerResponse, target: DirectTarget): DirectCall {
  let query: URLSearchParams | undefined;
  let aborted: AbortController | undefined;
  return {
    method: incoming.method ?? 'GET',
    path: target.path,
    params: target.params,
    get query() {
      return (query ??= new URLSearchParams(target.search));
    },
    headers: incoming.headers,
    stream: incoming,
    body: (limit) => readBody(incoming, limit, () => target.room.enter(outgoing)),
    get aborted() {
      if (aborted === undefined) {
        const made = new AbortController();
        outgoing.once('close', () => made.abort());
        aborted = made;
      }
      return aborted.signal;
    },
  };
}

/** Bodies up to this size are not counted: there are many of them, and they are gone at once. */
const smallBody = 256 * 1024;

function readBody(incoming: IncomingMessage, limit: number, enter: () => BodyPlace): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers['content-length'] ?? 0) > limit) {
      reject(httpErrors['body-too-large']({ limit }));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    let place: BodyPlace | undefined;
    const patience = setTimeout(() => fail(httpErrors['body-too-slow']({ seconds: idleMs / 1000 })), idleMs);
    const take = (chunk: Buffer): void => {
      patience.refresh();
      size += chunk.byteLength;
      if (size > limit) return fail(httpErrors['body-too-large']({ limit }));
      if (size > smallBody && !(place ??= enter()).take(chunk.byteLength)) return fail(httpErrors['bodies-overloaded']({}));
      chunks.push(chunk);
    };
    const finish = (): void => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    };
    const cut = (cause?: unknown): void => fail(httpErrors['body-cut-off']({ received: size }, cause));
    const settle = (): void => {
      clearTimeout(patience);
      incoming.off('data', take).off('end', finish).off('close', cut).off('error', cut);
    };
    const fail = (error: RipenError): void => {
      settle();
      chunks.length = 0;
      place?.leave();
      // What still comes is read and dropped; a late error of the connection concerns nobody.
      incoming.on('error', () => {}).resume();
      reject(error);
    };
    incoming.on('data', take).on('end', finish).on('close', cut).on('error', cut);
  });
}
