import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import { artifactErrors } from './errors.ts';

/** What an address without other credentials allows: one way, one thing, until a time. */
export interface Grant {
  readonly way: 'get' | 'put' | 'part';
  readonly project: string;
  /** The path of a file, or upload and number of a part. */
  readonly path: string;
}

export interface AddressSigner {
  /** The query that goes behind the address. `expiresAt` is epoch milliseconds. */
  sign(grant: Grant, expiresAt: number): string;
  /** @throws `tracking.artifact-address-refused` */
  check(grant: Grant, query: URLSearchParams): void;
}

/** Signs with HMAC-SHA256. With a home the key is kept there, so that addresses outlive a restart; otherwise it is this process's own. */
export function createAddressSigner({ clock, home }: { readonly clock: Clock; readonly home: string | undefined }): AddressSigner {
  let key: Buffer | undefined;
  const signature = ({ way, project, path }: Grant, expires: string): string => {
    key ??= home === undefined ? randomBytes(32) : keptKey(join(home, 'keys'));
    // JSON keeps the members apart whatever they hold.
    return createHmac('sha256', key)
      .update(JSON.stringify([way, project, path, expires]))
      .digest('hex');
  };
  return {
    sign: (grant, expiresAt) => `expires=${expiresAt}&signature=${signature(grant, String(expiresAt))}`,
    check(grant, query) {
      const expires = query.get('expires') ?? '';
      const given = Buffer.from(query.get('signature') ?? '');
      const right = Buffer.from(signature(grant, expires));
      if (given.length !== right.length || !timingSafeEqual(given, right))
        throw artifactErrors['artifact-address-refused']({ problem: 'its signature is wrong' });
      if (!(Number(expires) > clock.now())) throw artifactErrors['artifact-address-refused']({ problem: 'its time is over' });
    },
  };
}

function keptKey(folder: string): Buffer {
  const file = join(folder, 'artifact-addresses.key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}
