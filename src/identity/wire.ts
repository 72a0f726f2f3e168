import { z } from 'zod';
import { personas, scopes } from './model.ts';

export const projectSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  template: z.string().optional(),
  templateVersion: z.string().optional(),
  path: z.string().optional(),
  createdAt: z.number(),
});
export type ProjectWire = z.output<typeof projectSchema>;

export const memberSchema = z.object({ id: z.string(), name: z.string(), personas: z.array(z.enum(personas)), addedAt: z.number() });
export type MemberWire = z.output<typeof memberSchema>;

export const meSchema = z.object({ id: z.string(), name: z.string(), kind: z.enum(['person', 'service', 'system']), scope: z.string() });

export const tokenSchema = z.object({
  id: z.string(),
  label: z.string(),
  scope: z.enum(scopes),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  project: z.string().optional(),
  account: z.string().optional(),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  lastUsedAt: z.number().optional(),
});
export type TokenWire = z.output<typeof tokenSchema>;
