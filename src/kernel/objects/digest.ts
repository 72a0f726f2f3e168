import { createHash } from 'node:crypto';
import type { Branded } from '../ids.ts';
import { objectErrors } from './errors.ts';

/** The address of a blob: `sha256:` and 64 lower-case hex digits (FIPS 180-4 over the bytes alone, no header). */
export type Digest = Branded<'Digest'>;

const form = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return form.test(text);
}

/** Throws `kernel.digest-invalid`. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw objectErrors['digest-invalid']({ digest: text.slice(0, 100) });
  return text;
}

/** The digest of bytes or of a text in UTF-8 that are in memory. */
export function digestOf(content: Uint8Array | string): Digest {
  return digestFromHex(createHash('sha256').update(content).digest('hex'));
}

export function digestFromHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Where a blob lies in every store, relative to its root: `objects/ab/cd/<hex>`. */
export function objectKey(digest: Digest): string {
  const hex = hexOf(digest);
  return `objects/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
}
