import type { IncomingMessage } from 'node:http';
import type { RipenError } from '../errors.ts';
import { httpErrors } from './errors.ts';

/** What is known of a request before its body: a fetch `Request`, or node's own by `headOf`. */
export interface RequestHead {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

export function headOf({ method = 'GET', headers }: Pick<IncomingMessage, 'method' | 'headers'>): RequestHead {
  return {
    method,
    headers: {
      get(name) {
        const value = headers[name];
        return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
      },
    },
  };
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Refuses what a foreign web page could make a browser send: a host name that is not ours (DNS rebinding), and a
 * change whose origin is not the page's own host (cross-site request). Programs send no Origin and pass.
 */
export function checkOrigin(request: RequestHead, hosts: readonly string[]): RipenError | undefined {
  const host = request.headers.get('host') ?? '';
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!loopbackNames.has(name) && !hosts.includes(name)) return httpErrors['foreign-host']({ host });
  if (!changing.has(request.method)) return undefined;
  const origin = request.headers.get('origin');
  if (origin !== null && hostOf(origin) !== host.toLowerCase()) return httpErrors['foreign-origin']({ origin });
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return httpErrors['foreign-origin']({ origin: origin ?? 'another site' });
  return undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
