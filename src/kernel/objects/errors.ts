import { defineErrors } from '../errors.ts';

export const objectErrors = defineErrors('kernel', {
  'disk-full': {
    kind: 'limit',
    message: (a: { path: string }) => `The disk that holds ${a.path} is full, so the bytes were not kept.`,
    hint: () => 'Free some space or move the data directory to a larger disk, then try again.',
  },
  'digest-invalid': {
    kind: 'input',
    message: (a: { digest: string }) => `"${a.digest}" is not a digest.`,
    hint: () => 'A digest is "sha256:" followed by 64 lower-case hex digits.',
  },
  'digest-mismatch': {
    kind: 'input',
    message: (a: { expected: string; actual: string }) =>
      `The content was declared as ${a.expected} but its bytes hash to ${a.actual}; nothing was kept.`,
    hint: () => 'The file changed or was cut on its way. Send it again.',
  },
  'object-not-found': {
    kind: 'not-found',
    message: (a: { digest: string; store: string }) => `The store ${a.store} holds no blob ${a.digest}.`,
  },
  'object-corrupt': {
    kind: 'internal',
    message: (a: { digest: string; store: string; actual: string }) =>
      `The bytes stored as ${a.digest} in ${a.store} hash to ${a.actual}: they were changed or cut after they were written.`,
    hint: () => 'Restore the blob from a backup, or put the same content again: that replaces the bad bytes.',
  },
  'object-range-invalid': {
    kind: 'input',
    message: (a: { digest: string; start: number; end: number | undefined; size: number | undefined }) =>
      `The range ${a.start}..${a.end ?? ''} does not lie in the blob ${a.digest}${a.size === undefined ? '' : ` of ${a.size} bytes`}.`,
    hint: () => 'start is the first byte, end the byte after the last one; both are whole numbers and start is at most the size.',
  },
  'upload-gone': {
    kind: 'not-found',
    message: (a: { upload: string }) => `There is no upload ${a.upload} any more: it was completed, given up, or took too long.`,
    hint: () => 'Begin the upload again.',
  },
  'upload-part-missing': {
    kind: 'input',
    message: (a: { upload: string; part: number }) => `The upload ${a.upload} has no part ${a.part} with that tag.`,
    hint: () => 'Send the part again, and name the tag that its answer gave.',
  },
  'object-source-unreadable': {
    kind: 'input',
    message: (a: { path: string; reason: string }) => `The file ${a.path} cannot be read: ${a.reason}.`,
  },
  'object-store-url-invalid': {
    kind: 'input',
    message: (a: { url: string; reason: string }) => `"${a.url}" is not the address of an object store: ${a.reason}.`,
    hint: () => 'Use file:/path/to/folder or s3://bucket/prefix?endpoint=http://host:9000&region=us-east-1.',
  },
  'object-store-unavailable': {
    kind: 'unavailable',
    message: (a: { store: string; operation: string; reason: string }) => `${a.store} did not complete "${a.operation}": ${a.reason}.`,
    hint: () => 'Check that the storage service runs and can be reached from here; trying again may help.',
  },
  'object-store-refused': {
    kind: 'unavailable',
    message: (a: { store: string; operation: string; status: number; reason: string }) =>
      `${a.store} refused "${a.operation}" with status ${a.status}: ${a.reason}.`,
    hint: () => 'Check the bucket name, the region, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the rights of that key.',
  },
});

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/** The error code of the operating system, such as ENOENT. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Turns "no space" of the operating system into `kernel.disk-full`; any other error comes back as it is. */
export function withDiskFull(thrown: unknown, path: string): unknown {
  return fullCodes.has(systemCode(thrown) ?? '') ? objectErrors['disk-full']({ path }, thrown) : thrown;
}
