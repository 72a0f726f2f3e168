import { z } from 'zod';
import { folderEntryShape, type FolderEntryWire } from './wire.ts';
import type { FolderEntry } from './file-store.ts';

export const folderQuery = z.object({
  folder: z.string().max(1000).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
});

export const folderPageShape = z.object({ items: z.array(folderEntryShape), next: z.string().optional() });

export function wireEntry({ digest, mediaType, ...entry }: FolderEntry): FolderEntryWire {
  return { ...entry, ...(digest === undefined ? {} : { digest }), ...(mediaType === undefined ? {} : { mediaType }) };
}
