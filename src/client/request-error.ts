/** What a server answers when it refuses (RFC 9457). */
interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
  readonly requestId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface RequestFailure {
  readonly code: string;
  readonly message: string;
  /** 0 where no server answered. */
  readonly status: number;
  readonly hint?: string | undefined;
  readonly requestId?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/**
 * A request that did not succeed. `code` is permanent: that of the server (docs/errors.md), or `client.unreachable`, `client.timeout`,
 * `client.unexpected-answer`, `client.not-logged`, `client.buffer-full`, `client.damaged`.
 */
export class RipenRequestError extends Error {
  override readonly name = 'RipenRequestError';
  readonly code: string;
  /** Of the HTTP answer; 0 where none came. */
  readonly status: number;
  /** What to do. */
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** The same id stands in the log of the server. */
  readonly requestId: string | undefined;

  constructor({ code, message, status, hint, requestId, details, cause }: RequestFailure) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.details = details;
    this.requestId = requestId;
  }
}

/** Reads what a server says that refused. */
export async function errorOf(response: Response): Promise<RipenRequestError> {
  const { status } = response;
  const text = await response.text();
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const problem = problemIn(text);
  if (problem !== undefined) return new RipenRequestError({ requestId, ...problem, message: problem.detail, status });
  const message = `The server answered ${status}: ${text.slice(0, 200)}`;
  return new RipenRequestError({ code: 'client.unexpected-answer', message, status, requestId });
}

function problemIn(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
    return isProblem && typeof value.code === 'string' && typeof value.detail === 'string' ? (value as Problem) : undefined;
  } catch {
    // Not from Ripen: a proxy on the way.
    return undefined;
  }
}
