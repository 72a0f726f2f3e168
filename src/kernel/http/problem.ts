import type { ErrorKind, RipenError } from '../errors.ts';
import type { DirectReply } from './direct-call.ts';

/** RFC 9457 problem details, with Ripen's permanent code and way out. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint?: string;
  readonly requestId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one map from what an error means to HTTP. */
export const statusOfKind = {
  input: 400,
  authentication: 401,
  'not-allowed': 403,
  'not-found': 404,
  conflict: 409,
  limit: 413,
  overloaded: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

const titles: Record<ErrorKind, string> = {
  input: 'Invalid input',
  authentication: 'Not signed in',
  'not-allowed': 'Not allowed',
  'not-found': 'Not found',
  conflict: 'Conflict',
  limit: 'Over a limit',
  overloaded: 'Too much at once',
  unavailable: 'Not available now',
  internal: 'Internal error',
};

export function problemOf(error: RipenError, requestId: string): Problem {
  return {
    type: `https://ripen.dev/errors/${error.code}`,
    title: titles[error.kind],
    status: statusOfKind[error.kind],
    detail: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    requestId,
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

export function problemResponse(error: RipenError, requestId: string): Response {
  const problem = problemOf(error, requestId);
  return new Response(JSON.stringify(problem), { status: problem.status, headers: headersOf(problem) });
}

export function problemReply(error: RipenError, requestId: string): DirectReply {
  const problem = problemOf(error, requestId);
  return { status: problem.status, headers: headersOf(problem), body: JSON.stringify(problem) };
}

/** How long a caller waits before it tries again, in seconds. */
const pauseSeconds = '1';

function headersOf({ status, requestId }: Problem): Record<string, string> {
  const headers = { 'content-type': 'application/problem+json', 'x-request-id': requestId };
  return status === 429 || status === 503 ? { ...headers, 'retry-after': pauseSeconds } : headers;
}
