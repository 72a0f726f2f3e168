import { createHmac } from 'node:crypto';
import { RipenError } from '#kernel/errors.ts';
import type { AlertChannel } from './channel.ts';

const timeoutMs = 10_000;

/**
 * POSTs the message as JSON. With a secret, `x-ripen-signature: t=<epoch s>,v1=<hex>` is the HMAC-SHA-256 of `<t>.<body>`, so that a
 * receiver can tell who sent it and when.
 */
export const webhook: AlertChannel = {
  name: 'webhook',
  async send({ url, secretEnvironment }, message, signal) {
    const body = JSON.stringify(message);
    const secret = secretEnvironment === undefined ? undefined : process.env[secretEnvironment];
    if (secretEnvironment !== undefined && secret === undefined)
      throw failed(url, `the environment variable ${secretEnvironment} is not set`);
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'error',
      headers: { 'content-type': 'application/json', ...(secret === undefined ? {} : { 'x-ripen-signature': sign(body, secret) }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw failed(url, `it answered ${response.status}`);
  },
};

function sign(body: string, secret: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function failed(url: string, reason: string): RipenError {
  const { host } = new URL(url);
  return new RipenError({
    code: 'monitoring.channel-failed',
    kind: 'unavailable',
    message: `The webhook at ${host} was not told: ${reason}.`,
  });
}
