import { z } from 'zod';

export const artifactShape = z.object({
  name: z.string(),
  digest: z.string(),
  size: z.number(),
  mediaType: z.string(),
  storedAt: z.number(),
});
export type ArtifactWire = z.infer<typeof artifactShape>;

export const folderEntryShape = z.object({
  name: z.string(),
  kind: z.enum(['file', 'folder']),
  size: z.number(),
  files: z.number(),
  digest: z.string().optional(),
  mediaType: z.string().optional(),
  storedAt: z.number(),
});
export type FolderEntryWire = z.infer<typeof folderEntryShape>;
