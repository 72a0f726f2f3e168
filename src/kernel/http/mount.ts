import { SpanStatusCode, trace } from '@opentelemetry/api';
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { asRipenError } from '../errors.ts';
import type { Actor } from '../events/index.ts';
import type { Endpoint } from './endpoint.ts';
import { httpErrors } from './errors.ts';
import { problemResponse } from './problem.ts';

/**
 * What the HTTP edge asks of the modules above it: who sends this request, and may they do `action` in that project?
 * `public` may be done by anybody.
 * @throws an `authentication` or a `not-allowed` error
 */
export type Admit = (request: Request, action: string, resource: { readonly project: string | undefined }) => Promise<Actor>;

export interface HttpLog {
  request(entry: { method: string; path: string; status: number; durationMs: number; requestId: string; actor?: string }): void;
  failure(error: unknown, requestId: string): void;
}

export interface MountOptions {
  readonly endpoints: readonly Endpoint[];
  readonly admit: Admit;
  readonly nextRequestId: () => string;
  readonly log?: HttpLog;
}

const defaultBodyLimit = 1024 * 1024;

/** Builds the router. Test it without a socket: `app.request('/api/v1/…')`. */
export function mountEndpoints(options: MountOptions): Hono {
  const app = new Hono();
  for (const endpoint of options.endpoints) {
    app.on(endpoint.method.toUpperCase(), endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) => answer(endpoint, context, options));
  }
  return app;
}

/** Does nothing until an OpenTelemetry SDK is registered. */
const tracer = trace.getTracer('ripen');

function answer(endpoint: Endpoint, context: Context, options: MountOptions): Promise<Response> {
  return tracer.startActiveSpan(`${context.req.method} ${endpoint.path}`, async (span) => {
    const response = await handle(endpoint, context, options);
    span.setAttributes({ 'http.route': endpoint.path, 'http.response.status_code': response.status });
    if (response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    return response;
  });
}

async function handle(endpoint: Endpoint, context: Context, options: MountOptions): Promise<Response> {
  const request = context.req.raw;
  const requestId = requestIdOf(request) ?? options.nextRequestId();
  const started = performance.now();
  let actor: Actor | undefined;
  let response: Response;
  try {
    const raw = context.req.param() as Record<string, string | undefined>;
    actor = await options.admit(request, endpoint.action, { project: raw['project'] });
    const params = parse('path', endpoint.params, withoutNul('path', raw));
    const query = parse('query', endpoint.query, withoutNul('query', queryOf(request.url)));
    const body = endpoint.rawBody === undefined ? parse('body', endpoint.body, await readJson(endpoint, request)) : undefined;
    const result = await endpoint.handle({ params, query, body, caller: { actor, requestId }, request });
    response = result instanceof Response ? result : json(result, endpoint.status ?? 200);
  } catch (thrown) {
    const error = asRipenError(thrown);
    if (error.kind === 'internal') options.log?.failure(thrown, requestId);
    response = problemResponse(error, requestId);
  }
  response.headers.set('x-request-id', requestId);
  const durationMs = performance.now() - started;
  options.log?.request({
    method: request.method,
    path: endpoint.path,
    status: response.status,
    durationMs,
    requestId,
    ...(actor ? { actor: actor.id } : {}),
  });
  return response;
}

/** A caller may name its request so that both logs say the same; anything odd is ignored. */
function requestIdOf(request: Request): string | undefined {
  const given = request.headers.get('x-request-id');
  return given !== null && /^[\w.-]{8,64}$/.test(given) ? given : undefined;
}

function json(result: unknown, status: number): Response {
  if (result === undefined) return new Response(null, { status: 204 });
  return new Response(JSON.stringify(result), { status, headers: { 'content-type': 'application/json' } });
}

/** Repeated names become lists, single ones strings. */
function queryOf(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const { searchParams } = new URL(url);
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

/** No name, id or filter holds a NUL, and PostgreSQL refuses it in any text. */
function withoutNul<Values extends Readonly<Record<string, unknown>>>(where: string, values: Values): Values {
  const problems = Object.entries(values)
    .filter(([, value]) => [value].flat().some((text) => typeof text === 'string' && text.includes('\0')))
    .map(([path]) => ({ path, problem: 'it holds a NUL character' }));
  if (problems.length > 0) throw httpErrors['invalid-input']({ where, problems });
  return values;
}

async function readJson(endpoint: Endpoint, request: Request): Promise<unknown> {
  if (endpoint.body === undefined) return undefined;
  const text = await readText(request, endpoint.bodyLimit ?? defaultBodyLimit);
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw httpErrors['malformed-json']({ reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

async function readText(request: Request, limit: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw httpErrors['body-too-large']({ limit });
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw httpErrors['body-too-large']({ limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message }));
  throw httpErrors['invalid-input']({ where, problems });
}
