import { noteRefusal } from './sign-in.ts';

/** What the server says when it refuses or fails: the body of `application/problem+json`, or what stands for it when nobody answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Number of the request in the server's log. */
  readonly request: string | undefined;
  /** What the error is about, as fields; which ones depends on its code. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.hint = problem.hint;
    this.status = problem.status;
    this.request = problem.request;
    this.details = problem.details;
  }
}

export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly status: number;
  readonly request?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

type QueryValue = string | number | boolean | undefined;
/** Undefined values are left out; a list repeats its key. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;

const base = '/api/v1';

/** Address of a path under the API. `path` starts with a slash; its parts are encoded by the caller (`pathOf`). */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? base + path : `${base + path}?${text}`;
}

/** Tagged template that encodes each inserted part: pathOf`/projects/${project}/runs/${run}`. */
export function pathOf(fixed: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return fixed.reduce((path, text, index) => path + encodeURIComponent(String(parts[index - 1])) + text);
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return send<T>('GET', path, { query, signal });
}

export function post<T>(path: string, body?: unknown): Promise<T> {
  return send<T>('POST', path, { body: body ?? {} });
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return send<T>('PATCH', path, { body });
}

export function remove(path: string): Promise<void> {
  return send<void>('DELETE', path, {});
}

interface Sent {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

async function send<T>(method: string, path: string, { query, body, signal }: Sent): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal !== undefined) init.signal = signal;
  const response = await fetch(address(path, query), init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw unreachable(cause);
  });
  if (!response.ok) {
    const problem = await problemOf(response);
    noteRefusal(problem.code);
    throw problem;
  }
  const text = await response.text();
  // The caller names the result type of the endpoint that it asks; the server checks its own results.
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ApiError({ ...notRipen, status: response.status }, { cause });
  }
}

const notRipen = {
  code: 'web.answer-unreadable',
  title: 'The answer is not JSON',
  detail: 'Something other than Ripen answered on this address, for example a proxy or an older server.',
  hint: 'Reload the page. If it stays, compare the version with `ripen --version`.',
};

function unreachable(cause: unknown): ApiError {
  return new ApiError(
    {
      code: 'web.server-unreachable',
      title: 'The server does not answer',
      detail: 'Nothing is lost: what was stored stays stored, and this page continues when the server is back.',
      hint: 'Start it with `ripen up`, or check the connection.',
      status: 0,
    },
    { cause },
  );
}

async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    return new ApiError(readProblem(JSON.parse(text), response));
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    return new ApiError(readProblem({}, response), { cause });
  }
}

function readProblem(body: unknown, response: Response): Problem {
  const fields = fieldsOf(body) ?? {};
  const word = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return {
    code: word('code') ?? `http.${response.status}`,
    title: word('title') ?? `The server answered ${response.status} ${response.statusText}`.trim(),
    detail: word('detail'),
    hint: word('hint'),
    status: response.status,
    request: word('requestId') ?? response.headers.get('x-request-id') ?? undefined,
    details: fieldsOf(fields['details']),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}
