import { createHash } from 'node:crypto';
import { z } from 'zod';
import { trackingErrors } from '../errors.ts';

/** The last row of a page: in which stage of the order it stood, by which key, and its number. */
export interface Place {
  readonly stage: number;
  readonly key: string | number | undefined;
  readonly number: number;
}

const tokenShape = z.object({
  s: z.int().min(0).max(9),
  // JSON has no infinities, and a text may say "Infinity" too.
  k: z.union([z.string().max(1000), z.number(), z.object({ special: z.enum(['Infinity', '-Infinity']) })]).optional(),
  n: z.int().min(0),
  o: z.string(),
});

/** A token holds a place and which order it belongs to. */
export function writePageToken(place: Place, order: string): string {
  const key = typeof place.key === 'number' && !Number.isFinite(place.key) ? { special: String(place.key) } : place.key;
  const token = { s: place.stage, k: key, n: place.number, o: fingerprint(order) };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** @throws `tracking.page-token-invalid` */
export function readPageToken(token: string, order: string): Place {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (cause) {
    throw trackingErrors['page-token-invalid']({}, cause);
  }
  const { data } = tokenShape.safeParse(parsed);
  if (data === undefined || data.o !== fingerprint(order)) throw trackingErrors['page-token-invalid']({});
  return { stage: data.s, key: typeof data.k === 'object' ? Number(data.k.special) : data.k, number: data.n };
}

function fingerprint(order: string): string {
  return createHash('sha256').update(order).digest('base64url').slice(0, 10);
}
