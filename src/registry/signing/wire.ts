import { z } from 'zod';
import type { PublicSigningKey, Verification } from './model.ts';

export const verificationShape = z.object({
  state: z.enum(['valid', 'invalid', 'unsigned']),
  key: z.string().optional(),
  signedAt: z.number().optional(),
  root: z.string().optional(),
  /** Whether the stored bytes were hashed again. */
  bytes: z.boolean(),
  files: z.array(z.object({ name: z.string(), fault: z.enum(['changed', 'missing', 'unsigned']).optional() })),
  problems: z.array(z.string()),
});
export type SignatureVerificationWire = z.infer<typeof verificationShape>;

export const signingKeyShape = z.object({
  id: z.string(),
  pem: z.string(),
  createdAt: z.number(),
  retiredAt: z.number().optional(),
  current: z.boolean(),
});
export type SigningKeyWire = z.infer<typeof signingKeyShape>;

export function wireVerification(verification: Verification): SignatureVerificationWire {
  const { state, bytes, key, signedAt, root, files, problems } = verification;
  return {
    state,
    bytes,
    ...(key === undefined ? {} : { key }),
    ...(signedAt === undefined ? {} : { signedAt }),
    ...(root === undefined ? {} : { root }),
    files: files.map(({ name, fault }) => (fault === undefined ? { name } : { name, fault })),
    problems: [...problems],
  };
}

export function wireKey({ id, pem, createdAt, retiredAt }: PublicSigningKey, current: string): SigningKeyWire {
  return { id, pem, createdAt, ...(retiredAt === undefined ? {} : { retiredAt }), current: id === current };
}
