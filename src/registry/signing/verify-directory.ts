import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleKey, openBundle } from './bundle.ts';
import { signingErrors } from './errors.ts';
import { isIgnored } from './manifest.ts';
import type { FileFault } from './model.ts';
import { describeFault } from './verify-version.ts';

export interface DirectoryVerification {
  readonly valid: boolean;
  readonly model: string;
  readonly root: string;
  readonly files: readonly { readonly name: string; readonly fault: FileFault | undefined }[];
  readonly problems: readonly string[];
}

/**
 * Verifies a directory against its signature and a public key, without a server.
 * @throws `registry.signature-invalid` when the signature itself does not hold
 */
export async function verifyDirectory(
  directory: string,
  signed: { readonly bundle: string; readonly publicPem: string; readonly signatureName: string },
): Promise<DirectoryVerification> {
  const manifest = opened(signed);
  const expected = new Map(manifest.files.map(({ name, digest }) => [name, digest]));
  const ignored = [...manifest.ignored, signed.signatureName];
  const faults = new Map<string, FileFault | undefined>();
  for await (const name of filesBelow(directory, ignored)) {
    const digest = expected.get(name);
    faults.set(name, digest === undefined ? 'unsigned' : (await hashFile(join(directory, name))) === digest ? undefined : 'changed');
  }
  for (const name of expected.keys()) if (!faults.has(name)) faults.set(name, 'missing');
  const files = [...faults].map(([name, fault]) => ({ name, fault })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const problems = files.flatMap(({ name, fault }) => (fault === undefined ? [] : [describeFault(name, fault)]));
  return { valid: problems.length === 0, model: manifest.name, root: manifest.root, files, problems };
}

/** The id of the key that a signature says it was made with. @throws `registry.signature-invalid` */
export function signatureKey(bundle: string, file: string): string | undefined {
  try {
    return bundleKey(bundle);
  } catch (error) {
    throw signingErrors['signature-invalid']({ file, problem: error instanceof Error ? error.message : String(error) }, error);
  }
}

function opened({ bundle, publicPem, signatureName }: { bundle: string; publicPem: string; signatureName: string }) {
  try {
    return openBundle(bundle, publicPem);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw signingErrors['signature-invalid']({ file: signatureName, problem }, error);
  }
}

/** Names relative to the directory. A link is a name of its own, because what it points to was not signed. */
async function* filesBelow(directory: string, ignored: readonly string[], below = ''): AsyncGenerator<string> {
  for await (const entry of await opendir(join(directory, below))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (isIgnored(name, ignored)) continue;
    if (entry.isDirectory()) yield* filesBelow(directory, ignored, name);
    else yield name;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
