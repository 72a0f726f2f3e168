import type { Queryable } from '#kernel/database/index.ts';
import { type Digest, hexOf, type ObjectStore } from '#kernel/objects/index.ts';
import { openBundle } from './bundle.ts';
import { isIgnored } from './manifest.ts';
import type { FileFault, SignedManifest, SigningKeyId, Verification } from './model.ts';
import { filesOf, findKey, findSignature } from './signature-store.ts';

/**
 * Whether the signature of a version holds and covers its files as they are now. With `bytes` the stored bytes of every file are hashed again;
 * otherwise what was recorded is compared, which reads no file.
 */
export async function verifyVersion(
  from: Queryable,
  objects: Pick<ObjectStore, 'has' | 'verify'>,
  of: { model: number; version: number; bytes: boolean },
): Promise<Verification> {
  const present = (await filesOf(from, of)).map(({ name, digest }) => ({ name, digest: digest as Digest }));
  const signature = await findSignature(from, of);
  const unverified = present.map(({ name }) => ({ name, fault: 'unsigned' as const }));
  if (signature === undefined)
    return { state: 'unsigned', key: undefined, signedAt: undefined, root: undefined, bytes: false, files: unverified, problems: [] };
  const said = { key: signature.signing_key as SigningKeyId, signedAt: signature.signed_at };
  const opened = await open(from, signature);
  if (typeof opened === 'string')
    return { state: 'invalid', ...said, root: undefined, bytes: false, files: unverified, problems: [opened] };
  const files: { name: string; fault: FileFault | undefined }[] = [];
  for (const file of opened.files) files.push({ name: file.name, fault: await faultOf(file, present, { objects, bytes: of.bytes }) });
  const signed = new Set(opened.files.map(({ name }) => name));
  for (const { name } of present) if (!signed.has(name) && !isIgnored(name, opened.ignored)) files.push({ name, fault: 'unsigned' });
  const problems = files.flatMap(({ name, fault }) => (fault === undefined ? [] : [describeFault(name, fault)]));
  return { state: problems.length === 0 ? 'valid' : 'invalid', ...said, root: opened.root, bytes: of.bytes, files, problems };
}

async function open(from: Queryable, signature: { signing_key: string; bundle: string }): Promise<SignedManifest | string> {
  const key = await findKey(from, signature.signing_key);
  if (key === undefined) return `The key ${signature.signing_key} that signed it is not known.`;
  try {
    return openBundle(signature.bundle, key.pem);
  } catch (error) {
    return `The signature cannot be trusted: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

async function faultOf(
  signed: { name: string; digest: string },
  present: readonly { name: string; digest: Digest }[],
  { objects, bytes }: { objects: Pick<ObjectStore, 'has' | 'verify'>; bytes: boolean },
): Promise<FileFault | undefined> {
  const file = present.find(({ name }) => name === signed.name);
  if (file === undefined) return 'missing';
  if (hexOf(file.digest) !== signed.digest) return 'changed';
  if (!bytes) return undefined;
  if (!(await objects.has(file.digest))) return 'missing';
  return (await objects.verify(file.digest)) ? undefined : 'changed';
}

export function describeFault(name: string, fault: FileFault): string {
  const said = {
    changed: 'is not what was signed',
    missing: 'was signed but is not there',
    unsigned: 'is there but was not signed',
  } as const;
  return `"${name}" ${said[fault]}.`;
}
