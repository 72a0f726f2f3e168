import type { z } from 'zod';
import type { Actor } from '../events/index.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who calls, and the request they call with. */
export interface Caller {
  readonly actor: Actor;
  readonly requestId: string;
}

export interface EndpointInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** The request as it came: headers, and the body stream where `rawBody` is set. Its signal fires when the caller hangs up. */
  readonly request: Request;
}

/** One declaration drives the route, the permission, the OpenAPI document, the typed clients and the CLI call. */
export interface EndpointSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: Method;
  /** `/api/v1/projects/{project}/runs`; the names in braces are the keys of `params`. */
  readonly path: string;
  /** `module.verb-noun`: the operation id, unique. */
  readonly id: string;
  /** What policy is asked: may this actor do `action` (for example `runs:write`) in the project of `params.project`? `public` asks nobody. */
  readonly action: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body is not parsed; read `request.body`. The text is its content type. */
  readonly rawBody?: string;
  /** Largest body in bytes; 1 MiB unless said. `rawBody` endpoints have no limit unless said. */
  readonly bodyLimit?: number;
  /** Of the JSON answer. Left out where the answer is raw. */
  readonly result?: R;
  /** The handler answers a `Response` of this content type itself. */
  readonly rawResult?: string;
  /** Of a successful JSON answer; 200 unless said. */
  readonly status?: 200 | 201 | 202;
  readonly handle: (input: EndpointInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R> | Response> | z.input<R> | Response;
}

/** An endpoint whose input types have been checked where it was declared. */
export interface Endpoint {
  readonly method: Method;
  readonly path: string;
  readonly id: string;
  readonly action: string;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly rawBody?: string;
  readonly bodyLimit?: number;
  readonly result?: z.ZodType;
  readonly rawResult?: string;
  readonly status?: 200 | 201 | 202;
  readonly handle: (input: EndpointInput<unknown, unknown, unknown>) => unknown;
}

/** Declares an endpoint; the types of `params`, `query`, `body` and `result` flow into `handle`. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(spec: EndpointSpec<P, Q, B, R>): Endpoint {
  // `mount` parses with the very schemas that `handle` was typed by.
  return spec as unknown as Endpoint;
}
