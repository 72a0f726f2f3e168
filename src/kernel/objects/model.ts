import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Digest } from './digest.ts';

/** Bytes `start` up to, not including, `end`; without `end` up to the last byte. `end` past the size is cut to the size. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

export interface StoredObject {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export type ObjectContent = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * Content-addressed blobs: the same bytes are one blob, and a blob never changes. Every method that reads throws
 * `kernel.object-not-found` for a digest that is not there.
 */
export interface ObjectStore {
  /** How messages name this store; holds no credentials. */
  readonly name: string;
  /**
   * Keeps the bytes (a string as UTF-8) and returns when they are durable. A stream is never held in memory; the chunks of a
   * node `Readable` are not copied, so whoever made them may not use them again. Throws `kernel.digest-mismatch` when
   * `expected` differs and `kernel.disk-full`; nothing stays in either case.
   */
  put(content: ObjectContent, expected?: Digest): Promise<StoredObject>;
  /** `put` of the present bytes of a file, which stays where it is. Throws `kernel.object-source-unreadable`. */
  putFile(path: string, expected?: Digest): Promise<StoredObject>;
  /**
   * A stream of the bytes; end or cancel it. Does not check them against the digest (use `verify`, `read` or `path`).
   * Throws `kernel.object-range-invalid` when `start` is past the size.
   */
  get(digest: Digest, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** `get` as a stream of node, which is faster where it goes to a socket or a file; end or destroy it. */
  open(digest: Digest, range?: ByteRange): Promise<Readable>;
  /** All bytes in memory, checked: throws `kernel.object-corrupt`. For small blobs. */
  read(digest: Digest): Promise<Buffer>;
  /**
   * A local, read-only file with the bytes. From a remote store it is a checked copy in a cache of bounded size: open or
   * hard-link it within `cacheHoldMs`, after that it may be removed.
   */
  path(digest: Digest): Promise<string>;
  has(digest: Digest): Promise<boolean>;
  size(digest: Digest): Promise<number>;
  /** Does nothing when the blob is not there. */
  delete(digest: Digest): Promise<void>;
  /** Every blob, in the order of the digests. What is put or deleted meanwhile may or may not be seen. */
  list(): AsyncIterable<StoredObject>;
  /** Uploads that come in parts, before they are blobs. */
  readonly uploads: PartedUploads;
  /** Reads and hashes the stored bytes again; false when they are not those of the digest. */
  verify(digest: Digest): Promise<boolean>;
  close(): Promise<void>;
}

export interface PartedUpload {
  readonly id: string;
  /** What the beginner wants to know again at the end. */
  readonly note: string;
  /** Epoch milliseconds; afterwards it is removed. */
  readonly expiresAt: number;
}

export interface UploadPart {
  readonly number: number;
  /** SHA-256 of its bytes in hex. */
  readonly tag: string;
}

/**
 * Parts of files on their way in, on the disk of this process. An upload lasts until it is dropped or expires; what a killed
 * process leaves is found again by the next one.
 */
export interface PartedUploads {
  begin(upload: { note: string; expiresAt: number }): Promise<PartedUpload>;
  /** Undefined when there is none, or none any more. */
  find(id: string): Promise<PartedUpload | undefined>;
  /** Keeps a part, whole or not at all. The same number again adds the new bytes under their own tag. */
  add(id: string, part: number, content: ObjectContent): Promise<UploadPart>;
  /** All bytes of these parts, one after the other. Throws `kernel.upload-part-missing` before the first byte. */
  join(id: string, parts: readonly UploadPart[]): Promise<Readable>;
  /** Does nothing when there is none. */
  drop(id: string): Promise<void>;
  /** Removes what has expired; says how many. */
  sweep(): Promise<number>;
}

/** Complete bytes in a temporary file that the receiver owns from now on: it moves or removes it. */
export interface SpooledFile extends StoredObject {
  readonly path: string;
}

/** Plug point: where blobs lie. One object a file, listed by URL scheme in `open-object-store.ts`. */
export interface BlobStore {
  readonly name: string;
  /** Folder for files on their way into the store; on the same file system as the blobs where that matters. */
  readonly spoolDirectory: string;
  add(file: SpooledFile): Promise<void>;
  get(digest: Digest, range: ByteRange | undefined): Promise<ReadableStream<Uint8Array>>;
  open(digest: Digest, range: ByteRange | undefined): Promise<Readable>;
  path(digest: Digest): Promise<string>;
  /** Undefined when the blob is not there. */
  size(digest: Digest): Promise<number | undefined>;
  delete(digest: Digest): Promise<void>;
  list(): AsyncIterable<StoredObject>;
  close(): Promise<void>;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface ObjectStoreOptions {
  /** Folder of this process alone for uploads under way and copies of remote blobs. */
  readonly cacheDirectory: string;
  /** Size of the copies of remote blobs, in bytes; default 10 GiB. */
  readonly cacheBytes?: number | undefined;
  /** How long a path handed out by `path` stays; default one minute. */
  readonly cacheHoldMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly credentials?: S3Credentials | undefined;
  readonly s3?: S3Tuning | undefined;
}

export interface S3Tuning {
  /** How long S3 may send nothing; default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** How often a failed request is tried again; default 5. */
  readonly retries?: number | undefined;
  /** The first pause before trying again, doubled each time; default 200. */
  readonly backoffMs?: number | undefined;
  /** Blobs above this many bytes go up in parts of this size; default 64 MiB, at least 5 MiB (the limit of S3). */
  readonly partBytes?: number | undefined;
}
