import { createHash } from 'node:crypto';
import { z } from 'zod';
import { trackingErrors } from '../errors.ts';

/** Where a page ended: the sort keys of its last row, the last of them unique. */
export type Place = readonly PlaceKey[];
export type PlaceKey = string | number | null;

const placeShape = z.strictObject({
  // JSON has no infinities, and a text may say "Infinity" too.
  k: z.array(z.union([z.string(), z.number(), z.null(), z.object({ special: z.enum(['Infinity', '-Infinity']) })])).max(50),
  c: z.string(),
});

/** A page token: opaque, and good only for the query that `binding` says (project, filter, order, whatever decides which rows come). */
export function writePlace(place: Place, binding: string): string {
  const k = place.map((key) => (typeof key === 'number' && !Number.isFinite(key) ? { special: String(key) } : key));
  return Buffer.from(JSON.stringify({ k, c: checksum(JSON.stringify(k), binding) })).toString('base64url');
}

/** @throws `tracking.page-token-invalid` when the token was made for another query, or changed */
export function readPlace(token: string, binding: string): Place {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (cause) {
    throw trackingErrors['page-token-invalid']({}, cause);
  }
  const { data } = placeShape.safeParse(parsed);
  if (data === undefined || data.c !== checksum(JSON.stringify(data.k), binding)) throw trackingErrors['page-token-invalid']({});
  return data.k.map((key) => (typeof key === 'object' && key !== null ? Number(key.special) : key));
}

function checksum(keys: string, binding: string): string {
  return createHash('sha256').update(binding).update('\n').update(keys).digest('base64url').slice(0, 16);
}
