import type { Branded } from '#kernel/ids.ts';

/** SHA-256 of the PEM text of the public key, lower-case hex; the bundle's hint. */
export type SigningKeyId = Branded<'SigningKeyId'>;

export interface PublicSigningKey {
  readonly id: SigningKeyId;
  /** SubjectPublicKeyInfo as PEM text. */
  readonly pem: string;
  readonly createdAt: number;
  /** Epoch ms since which it signs nothing new; what it signed stays valid. */
  readonly retiredAt: number | undefined;
}

export interface SignedFile {
  /** Relative POSIX path. */
  readonly name: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
}

/** What a signature covers. */
export interface SignedManifest {
  readonly name: string;
  /** SHA-256 over the digests of the files, in the order of their names. */
  readonly root: string;
  readonly files: readonly SignedFile[];
  /** Paths of the directory that the signature leaves out. */
  readonly ignored: readonly string[];
  readonly method: 'files';
}

/** Why a file does not count as verified. */
export type FileFault = 'changed' | 'missing' | 'unsigned';

export interface Verification {
  /** `unsigned`: there is nothing to verify, because there is no signature yet or the version has no files. */
  readonly state: 'valid' | 'invalid' | 'unsigned';
  readonly key: SigningKeyId | undefined;
  readonly signedAt: number | undefined;
  readonly root: string | undefined;
  /** Whether the stored bytes were hashed again, or only the recorded digests compared. */
  readonly bytes: boolean;
  readonly files: readonly { readonly name: string; readonly fault: FileFault | undefined }[];
  /** What is wrong, in whole sentences; empty when valid. */
  readonly problems: readonly string[];
}

/** The file of a downloaded version that holds its signature. */
export const signatureFile = 'model.sig';
