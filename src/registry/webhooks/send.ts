import { createHmac } from 'node:crypto';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { firstPrivate, guardedLookup, PrivateAddress } from './addresses.ts';
import type { AddressRules } from './check-webhook.ts';
import type { SendOutcome } from './model.ts';
import { isPassing, readRetryAfter } from './retry.ts';

export interface OutgoingDelivery {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly secret: string | undefined;
}

export interface SendOptions {
  readonly rules: AddressRules;
  /** Epoch ms. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** For the whole exchange, ms. */
  readonly timeout: number;
}

const mostResponse = 4000;

/**
 * Posts one delivery and reads the beginning of the answer. Redirects are not followed, since they could lead anywhere. Never throws for what
 * the receiver or the network does.
 */
export async function sendDelivery(delivery: OutgoingDelivery, options: SendOptions): Promise<SendOutcome> {
  const { rules, now, signal, timeout } = options;
  const url = new URL(delivery.url);
  const refused = refuse(url, rules);
  if (refused !== undefined)
    return { ok: false, retry: false, status: undefined, response: undefined, problem: refused, retryAfter: undefined };
  const deadline = AbortSignal.timeout(timeout);
  try {
    const response = await post(url, { delivery, rules, seconds: Math.floor(now / 1000), signal: AbortSignal.any([signal, deadline]) });
    return outcomeOf(response, now);
  } catch (error) {
    signal.throwIfAborted();
    const problem = deadline.aborted ? `no answer within ${timeout / 1000} s` : describe(error);
    return { ok: false, retry: !(error instanceof PrivateAddress), status: undefined, response: undefined, problem, retryAfter: undefined };
  }
}

/** The settings may have become stricter since the webhook was made. */
function refuse(url: URL, rules: AddressRules): string | undefined {
  if (!rules.schemes.includes(url.protocol.slice(0, -1)))
    return `${url.protocol.slice(0, -1)} is not allowed by the setting webhooks.schemes`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const literal = isIP(host) !== 0 && !rules.privateAddresses && firstPrivate([host]) !== undefined;
  return literal ? `${host} is not public, and the setting webhooks.private-addresses is off` : undefined;
}

/** What MLflow's receivers verify: HMAC-SHA256 over `<id>.<unix seconds>.<body>` (standardwebhooks.com, with MLflow's headers). */
export function signatureOf({ id, body }: { id: string; body: string }, secret: string, seconds: number): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

interface Posted {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

function post(
  url: URL,
  { delivery, rules, seconds, signal }: { delivery: OutgoingDelivery; rules: AddressRules; seconds: number; signal: AbortSignal },
): Promise<Posted> {
  const bytes = Buffer.from(delivery.body);
  const options: RequestOptions = {
    method: 'POST',
    // A connection of its own, so that every one is checked; no proxy of the environment stands between.
    agent: false,
    signal,
    // Written as MLflow writes them, for receivers that look at the case.
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': bytes.length,
      'User-Agent': 'Ripen',
      'X-MLflow-Delivery-Id': delivery.id,
      'X-MLflow-Timestamp': String(seconds),
      ...(delivery.secret === undefined ? {} : { 'X-MLflow-Signature': signatureOf(delivery, delivery.secret, seconds) }),
    },
    ...(rules.privateAddresses ? {} : { lookup: guardedLookup }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      readBeginning(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, body, retryAfter: response.headers['retry-after'] });
        request.destroy();
      }, reject);
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

/** Enough to see what went wrong; a receiver that sends on and on is not listened to. */
async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= mostResponse) break;
  }
  // Neither database keeps NUL.
  return Buffer.concat(chunks).subarray(0, mostResponse).toString('utf8').replaceAll('\0', '\uFFFD');
}

function outcomeOf({ status, body, retryAfter }: Posted, now: number): SendOutcome {
  const ok = status >= 200 && status < 300;
  const moved = status >= 300 && status < 400;
  const problem = ok ? undefined : moved ? `it answered ${status}; redirects are not followed` : `it answered ${status}`;
  return { ok, retry: isPassing(status), status, response: body, problem, retryAfter: ok ? undefined : readRetryAfter(retryAfter, now) };
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ').slice(0, 500);
  const text = error instanceof Error ? error.message : String(error);
  return (text === '' && error instanceof Error ? error.name : text).slice(0, 500);
}
