import { createHash } from 'node:crypto';
import { type SignedFile, signatureFile, type SignedManifest } from './model.ts';

/**
 * The manifest of the OpenSSF Model Signing specification v1 as an in-toto statement: one subject whose digest is SHA-256 over the raw digests of
 * the files, and the files as resources in the order of their names (github.com/sigstore/model-transparency).
 */
const statementType = 'https://in-toto.io/Statement/v1';
const predicateType = 'https://model_signing/signature/v1.0';

/** Verifiers leave these out at the top of the directory, so they cannot be signed. */
const ignored = ['.git', '.gitattributes', '.github', '.gitignore', signatureFile];

/** Undefined when there is nothing to sign. */
export function manifestOf(name: string, files: readonly SignedFile[]): SignedManifest | undefined {
  const signed = files.filter((file) => !isIgnored(file.name, ignored)).toSorted(byName);
  return signed.length === 0 ? undefined : { name, root: rootOf(signed), files: signed, ignored, method: 'files' };
}

export function isIgnored(name: string, paths: readonly string[]): boolean {
  return paths.some((path) => name === path || name.startsWith(`${path}/`));
}

export function toStatement({ name, root, files, ignored: paths, method }: SignedManifest): string {
  return JSON.stringify({
    _type: statementType,
    subject: [{ name, digest: { sha256: root } }],
    predicateType,
    predicate: {
      serialization: { method, hash_type: 'sha256', allow_symlinks: false, ignore_paths: paths },
      resources: files.map((file) => ({ name: file.name, algorithm: 'sha256', digest: file.digest })),
    },
  });
}

/** @throws Error with the reason in plain words */
export function readStatement(text: string): SignedManifest {
  // Every member is looked at before it is used.
  const statement = JSON.parse(text) as {
    _type?: unknown;
    subject?: { name?: unknown; digest?: { sha256?: unknown } }[];
    predicateType?: unknown;
    predicate?: {
      serialization?: { method?: unknown; hash_type?: unknown; ignore_paths?: unknown };
      resources?: { name?: unknown; algorithm?: unknown; digest?: unknown }[];
    };
  };
  if (statement._type !== statementType || statement.predicateType !== predicateType)
    throw new Error('it is no statement about a model (v1)');
  const { subject, predicate } = statement;
  if (!Array.isArray(subject) || subject.length !== 1) throw new Error('it speaks of more than one model, or of none');
  const { method, hash_type: hash, ignore_paths: paths = [] } = predicate?.serialization ?? {};
  if (method !== 'files' || hash !== 'sha256')
    throw new Error(`it hashes by ${String(method)} and ${String(hash)}; only files and sha256 are read`);
  const files = (Array.isArray(predicate?.resources) ? predicate.resources : []).map(readResource);
  if (files.length === 0) throw new Error('it covers no file');
  const root = rootOf(files);
  if (subject[0]?.digest?.sha256 !== root) throw new Error('its root is not that of its files');
  return { name: String(subject[0].name), root, files, ignored: Array.isArray(paths) ? paths.map(String) : [], method };
}

function readResource(resource: { name?: unknown; algorithm?: unknown; digest?: unknown }): SignedFile {
  const { name, algorithm, digest } = resource;
  const leaves = typeof name === 'string' && (name.startsWith('/') || name.split('/').includes('..'));
  if (typeof name !== 'string' || name === '' || leaves) throw new Error(`"${String(name)}" is no path within the model`);
  if (algorithm !== 'sha256' || typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) throw new Error(`"${name}" has no SHA-256`);
  return { name, digest };
}

function rootOf(files: readonly SignedFile[]): string {
  const hash = createHash('sha256');
  for (const { digest } of files) hash.update(Buffer.from(digest, 'hex'));
  return hash.digest('hex');
}

/** By Unicode code points, which is the order of UTF-8 bytes and not that of UTF-16. */
function byName(a: SignedFile, b: SignedFile): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
