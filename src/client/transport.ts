import { type Content, isRepeatable, open, type SentContent } from './content.ts';
import { backoff, pause, retryAfter } from './pause.ts';
import { errorOf, RipenRequestError } from './request-error.ts';

export interface TransportOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: typeof fetch;
  /** Until an answer begins, in ms. */
  readonly timeoutMs: number;
  /** How long an operation is tried again, in ms from its beginning. */
  readonly retryForMs: number;
}

export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly content?: Content | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retryForMs?: number | undefined;
  /** Doing it twice does the same as doing it once, so it may be sent again when no answer came. */
  readonly repeatable: boolean;
}

export interface Transport {
  /** Sends, and gives what `read` makes of a successful answer. @throws RipenRequestError, the reason of the signal */
  send<Result>(sending: Sending, read: (response: Response) => Promise<Result>): Promise<Result>;
}

/** What came of one attempt. */
type Outcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | {
      readonly kind: 'failed';
      readonly error: RipenRequestError;
      readonly again: 'never' | 'if-repeatable' | 'always';
      readonly afterMs: number;
    };

export function createTransport(options: TransportOptions): Transport {
  return {
    async send(sending, read) {
      const repeatable = sending.repeatable && (sending.content === undefined || isRepeatable(sending.content));
      const until = Date.now() + (sending.retryForMs ?? options.retryForMs);
      for (let attempt = 1; ; attempt++) {
        const outcome = await attemptOnce(options, sending, read);
        if (outcome.kind === 'done') return outcome.result;
        const waitMs = Math.max(outcome.afterMs, backoff(attempt));
        const canRepeat = outcome.again === 'always' ? sending.content === undefined || isRepeatable(sending.content) : repeatable;
        if (outcome.again === 'never' || !canRepeat || Date.now() + waitMs > until) throw outcome.error;
        await pause(waitMs, sending.signal);
      }
    },
  };
}

async function attemptOnce<Result>(
  options: TransportOptions,
  sending: Sending,
  read: (response: Response) => Promise<Result>,
): Promise<Outcome<Result>> {
  const { content, signal, timeoutMs = options.timeoutMs } = sending;
  const sent = content === undefined ? undefined : await open(content);
  const late = new AbortController();
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => late.abort(), timeoutMs) : undefined;
  try {
    const response = await request(options, {
      ...sending,
      sent,
      signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
    });
    if (response.ok) return { kind: 'done', result: await read(response) };
    const error = await errorOf(response);
    return { kind: 'failed', error, again: againAfter(response.status), afterMs: retryAfter(response, Date.now()) };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (!(error instanceof Error) || error instanceof RipenRequestError) throw error;
    const failure = late.signal.aborted ? timeout(options.url, timeoutMs, error) : unreachable(options.url, error);
    return { kind: 'failed', error: failure, again: wasNeverSent(error) ? 'always' : 'if-repeatable', afterMs: 0 };
  } finally {
    clearTimeout(timer);
  }
}

async function request(
  options: TransportOptions,
  { method, path, headers = {}, signal, sent }: Sending & { readonly signal: AbortSignal; readonly sent: SentContent | undefined },
): Promise<Response> {
  const authorization: Record<string, string> = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  // `duplex` is demanded for streams, and no part of the types of every platform.
  const init: RequestInit & { duplex?: 'half' } = {
    method: method.toUpperCase(),
    headers: { ...authorization, ...headers },
    signal,
    ...(sent === undefined ? {} : { body: sent.body }),
    ...(sent?.isStream === true ? { duplex: 'half' } : {}),
  };
  return options.fetch(`${options.url}${path}`, init);
}

/** 429: nothing was done. Behind the others there may be a proxy whose server did what was asked. */
function againAfter(status: number): 'never' | 'if-repeatable' | 'always' {
  if (status === 429) return 'always';
  return status === 408 || status === 502 || status === 503 || status === 504 ? 'if-repeatable' : 'never';
}

function wasNeverSent(error: Error): boolean {
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function unreachable(url: string, cause: Error): RipenRequestError {
  const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
  const message = `No answer from ${url} (${reason}).`;
  return new RipenRequestError({ code: 'client.unreachable', message, status: 0, hint: 'Is the server up, and the address right?', cause });
}

function timeout(url: string, timeoutMs: number, cause: Error): RipenRequestError {
  const message = `No answer from ${url} within ${timeoutMs} ms.`;
  return new RipenRequestError({ code: 'client.timeout', message, status: 0, hint: 'Try again, or set timeoutMs.', cause });
}
