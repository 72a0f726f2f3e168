import type { Actor } from '#kernel/events/index.ts';
import { type DirectCall, type DirectReply, type DirectRoute, headOf, type RequestHead } from '#kernel/http/index.ts';
import { asMlflowError, MlflowError } from './mlflow-error.ts';
import { readJsonObject } from './read-json.ts';
import { replyOf } from './reply.ts';
import type { MlflowCall, MlflowRoute } from './route.ts';

/**
 * Who sends this request, and in which project do they work: the one that the address names, else the one of their token, else the
 * default one. @throws an `authentication` or `not-allowed` error
 */
export type MlflowAccess = (
  head: RequestHead,
  action: string,
  project: string | undefined,
) => Promise<{ readonly actor: Actor; readonly project: string }> | { readonly actor: Actor; readonly project: string };

export interface MlflowServing {
  readonly access: MlflowAccess;
  readonly nextRequestId: () => string;
  readonly failure?: (error: unknown, requestId: string) => void;
}

/** What is no route here is answered with a plain 404, which clients read as "this server does not have that". */
export const mlflowAddresses = /^\/(projects\/[^/]+\/)?(api\/[23]\.0|ajax-api)\//;

export function mlflowDirectRoutes(routes: readonly MlflowRoute[], serving: MlflowServing): DirectRoute[] {
  return routes.flatMap((route) =>
    addressesOf(route.path).map((path) => ({ method: route.method, path, handle: (call: DirectCall) => answer(route, call, serving) })),
  );
}

function addressesOf(path: string): string[] {
  const plain = path.startsWith('/') ? [path] : [`/api/${path}`, `/ajax-api/${path}`];
  return [...plain, ...plain.map((each) => `/projects/{project}${each}`)];
}

async function answer(route: MlflowRoute, http: DirectCall, serving: MlflowServing): Promise<DirectReply> {
  try {
    // An origin that may not do it is refused before its body is read.
    const { actor, project } = await serving.access(headOf(http), route.action, http.params['project']);
    const call: MlflowCall = { project, actor, context: { actor, project }, params: http.params, http };
    // No waiting function keeps the message, which may hold thousands of objects: what was read of it is let go before the database is done.
    return replyOf(await messageOf(route, http).then((message) => route.run(message, call)));
  } catch (thrown) {
    return refusalOf(thrown, serving);
  }
}

async function messageOf(route: MlflowRoute, http: DirectCall): Promise<Readonly<Record<string, unknown>>> {
  if (!route.takesMessage) return http.params;
  if (route.method === 'get') return { ...queryOf(route, http.query), ...http.params };
  const body = await http.body(route.bodyLimit);
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = http.headers;
  if (body.length > 0 && encoding.toLowerCase() !== 'identity')
    throw new MlflowError('INVALID_PARAMETER_VALUE', `The body is compressed (content-encoding ${encoding}). Send it as plain JSON.`);
  if (body.length > 0 && type.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw new MlflowError('INVALID_PARAMETER_VALUE', "Bad Request. Content-Type must be one of ['application/json'].");
  const message = body.length === 0 && route.method === 'delete' ? queryOf(route, http.query) : readJsonObject(body);
  return route.path.includes('{') ? { ...message, ...http.params } : message;
}

function queryOf({ repeated }: MlflowRoute, query: URLSearchParams): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const name of query.keys()) message[name] = repeated.has(name) ? query.getAll(name) : query.get(name);
  return message;
}

function refusalOf(thrown: unknown, { failure, nextRequestId }: MlflowServing): DirectReply {
  const requestId = nextRequestId();
  const error = asMlflowError(thrown);
  if (error.errorCode === 'INTERNAL_ERROR') failure?.(thrown, requestId);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-request-id': requestId };
  if (error.status === 401) headers['www-authenticate'] = 'Basic realm="ripen"';
  if (error.status === 429 || error.status === 503) headers['retry-after'] = '1';
  return { status: error.status, headers, body: JSON.stringify({ error_code: error.errorCode, message: error.message }) };
}
