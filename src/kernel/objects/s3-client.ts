import { setTimeout as pause } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { type Clock, systemClock } from '../clock.ts';
import { RipenError } from '../errors.ts';
import { objectErrors } from './errors.ts';
import type { S3Credentials, S3Tuning } from './model.ts';
import { type S3Address, urlOf } from './s3-address.ts';
import { idleTimer, readable, type S3Response } from './s3-response.ts';
import { xmlText } from './s3-xml.ts';

export interface S3Request {
  /** For messages: what this request is for. */
  readonly operation: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly content: Blob; readonly sha256: string } | undefined;
  /** Statuses that the caller understands; any other is an error. */
  readonly accept: readonly number[];
}

export interface S3Client {
  readonly address: S3Address;
  readonly retries: number;
  send(request: S3Request): Promise<S3Response>;
  /** Waits before try number `attempt` (from 1). */
  backOff(attempt: number): Promise<void>;
  unavailable(operation: string, cause: unknown): RipenError;
  /** Ends every request under way. */
  close(): void;
}

const sha256OfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** An upload gets the time that this rate needs on top of the time limit. */
const slowestBytesPerMs = 128;

interface S3ClientOptions {
  readonly credentials: S3Credentials;
  readonly tuning: S3Tuning;
  readonly clock?: Clock | undefined;
}

export function createS3Client(address: S3Address, options: S3ClientOptions): S3Client {
  const { timeoutMs = 30_000, retries = 5, backoffMs = 200 } = options.tuning;
  const closing = new AbortController();

  const attempt = async (request: S3Request): Promise<S3Response> => {
    const signed = await sign(address, request, options);
    const timer = idleTimer(timeoutMs, closing.signal);
    timer.arm((request.body?.content.size ?? 0) / slowestBytesPerMs);
    try {
      const body = request.body?.content ?? null;
      const init = { method: request.method, headers: signed.headers, body, redirect: 'manual', signal: timer.signal } as const;
      return readable(await fetch(signed.url, init), timer);
    } finally {
      timer.disarm();
    }
  };

  const backOff = (count: number): Promise<void> =>
    pause(Math.min(backoffMs * 2 ** (count - 1), 10_000), undefined, { signal: closing.signal });
  const unavailable = (operation: string, cause: unknown): RipenError =>
    objectErrors['object-store-unavailable']({ store: address.name, operation, reason: reasonOf(cause) }, cause);

  const send = async (request: S3Request): Promise<S3Response> => {
    for (let count = 1; ; count += 1) {
      try {
        const response = await attempt(request);
        if (request.accept.includes(response.status)) return response;
        const refusal = await refused(address, request, response);
        if (response.status < 500 && response.status !== 429 && response.status !== 408) throw refusal;
        if (count > retries) throw unavailable(request.operation, refusal);
      } catch (error) {
        if (error instanceof RipenError) throw error;
        if (count > retries || closing.signal.aborted) throw unavailable(request.operation, error);
      }
      await backOff(count);
    }
  };

  return { address, retries, send, backOff, unavailable, close: () => closing.abort(new Error('the store was closed')) };
}

async function sign(address: S3Address, request: S3Request, options: S3ClientOptions): Promise<{ url: URL; headers: Headers }> {
  const { accessKeyId, secretAccessKey, sessionToken } = options.credentials;
  const now = new Date((options.clock ?? systemClock).now());
  const signer = new AwsV4Signer({
    method: request.method,
    url: urlOf(address, request.key, request.query ?? {}),
    headers: { ...request.headers, 'x-amz-content-sha256': request.body?.sha256 ?? sha256OfNothing },
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 's3',
    region: address.region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const { url, headers } = await signer.sign();
  // Compressed, the length of an answer would not be that of the blob. Not signed, since fetch and proxies change it;
  // with a range, fetch adds it by itself.
  if (!headers.has('range')) headers.set('accept-encoding', 'identity');
  return { url, headers };
}

async function refused(address: S3Address, request: S3Request, response: S3Response): Promise<RipenError> {
  const body = await response.text();
  const code = xmlText(body, 'Code');
  const message = xmlText(body, 'Message');
  const reason = [code, message?.replace(/\.$/, '')].filter((part) => part !== undefined).join(': ') || 'it gave no reason';
  return objectErrors['object-store-refused']({ store: address.name, operation: request.operation, status: response.status, reason });
}

/** `fetch` says only "fetch failed" and hides the reason one level down. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof RipenError) return `it answered ${String(thrown.details?.['status'])}, ${String(thrown.details?.['reason'])}`;
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message || thrown.cause.name : thrown.message;
}
