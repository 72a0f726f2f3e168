import { canonicalJson } from '#kernel/canonical-json.ts';
import { type Digest, digestOf, type ObjectStore, parseDigest } from '#kernel/objects/index.ts';
import { z } from 'zod';

export interface ManifestEntry {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly executable?: true | undefined;
}

/** A tree of files by content: path (`/` between names) to what is there. Its digest is that of its canonical JSON. */
export type Manifest = Readonly<Record<string, ManifestEntry>>;

const manifestSchema = z.object({
  files: z.record(
    z.string(),
    z.object({ digest: z.string().transform(parseDigest), size: z.number(), executable: z.literal(true).optional() }),
  ),
});

export function manifestText(files: Manifest): string {
  return canonicalJson({ files: Object.fromEntries(Object.entries(files).map(([path, entry]) => [path, { ...entry }])) });
}

export function manifestDigest(files: Manifest): Digest {
  return digestOf(manifestText(files));
}

/** @throws `kernel.object-not-found`, `kernel.object-corrupt` */
export async function readManifest(objects: ObjectStore, digest: Digest): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse((await objects.read(digest)).toString('utf8'))).files;
}
