import { userInfo } from 'node:os';
import type { Actor } from '#kernel/events/index.ts';
import type { RequestHead } from '#kernel/http/index.ts';
import { identityErrors, type Principal } from './model.ts';

const cookie = 'ripen_token';

/**
 * Finds out who sends a request. With `none` everybody who reaches the loopback address is the person at this machine, except a caller
 * that shows a token; with `tokens` everybody needs one, in the Authorization header (bearer, or as the password of basic authentication) or in the session cookie.
 */
export function createAuthenticate(mode: 'none' | 'tokens', tokens: { verify(secret: string): Promise<Principal> }) {
  const local: Principal = { actor: localPerson(), scope: 'owner', project: undefined, account: undefined };
  return async (request: RequestHead): Promise<Principal> => {
    const secret = secretOf(request);
    if (secret !== undefined) return tokens.verify(secret);
    if (mode === 'none') return local;
    throw identityErrors['not-signed-in']({ reason: 'the request carries no token' });
  };
}

/** The account that started Ripen, as a person. */
export function localPerson(): Actor {
  try {
    const { username } = userInfo();
    return { kind: 'person', id: username, name: username };
  } catch {
    // A user id without an entry in the password file, as in many containers.
    return { kind: 'person', id: 'local', name: 'local' };
  }
}

/** The session cookie for a browser that has shown a valid token. */
export function sessionCookie(secret: string): string {
  return `${cookie}=${secret}; Path=/; HttpOnly; SameSite=Strict`;
}

function secretOf(request: RequestHead): string | undefined {
  const [scheme, value] = (request.headers.get('authorization') ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && value !== undefined) return value;
  if (scheme?.toLowerCase() === 'basic' && value !== undefined) return passwordOf(value);
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return cookies.find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
}

/** Basic authentication (RFC 7617) carries the token as the password; the user name is for the reader of a configuration. */
function passwordOf(encoded: string): string {
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}
