import type { ByteRange } from '#kernel/objects/index.ts';

export interface NamedBlob {
  /** A path; the file name of a download is its last part. */
  readonly name: string;
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  /** Offer it to be saved in place of shown. */
  readonly download: boolean;
  /** For a page within a frame of ours: its own scripts run, but reach neither this server nor any other. */
  readonly framed?: boolean | undefined;
}

const still = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
// `sandbox` without allow-same-origin: an origin of its own, without cookies and storage. No fetch, form or picture leaves it.
const framed =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; style-src 'unsafe-inline' data:; " +
  "img-src data: blob:; font-src data:; media-src data: blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/** The headers of a request that decide what part of a blob is sent. */
export interface BlobConditions {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export interface BlobHead {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** What to send; undefined for a reply without a body. */
  readonly send?: { readonly range: ByteRange | undefined } | undefined;
}

/**
 * How a request for a blob is answered: one range (RFC 9110 section 14), `ETag` and `If-None-Match`. The page that shows the bytes can
 * run no script of theirs, or only such as reach nothing.
 */
export function blobHead(asked: BlobConditions, blob: NamedBlob): BlobHead {
  const etag = `"${blob.digest}"`;
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-type': blob.mediaType,
    'content-security-policy': blob.framed === true ? framed : still,
    'x-content-type-options': 'nosniff',
    'content-disposition': `${blob.download ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeName(blob.name)}`,
  };
  if (asked.ifNoneMatch?.includes(etag) === true) return { status: 304, headers };
  const range = rangeOf(asked, blob.size, etag);
  if (range === 'unsatisfiable') return { status: 416, headers: { ...headers, 'content-range': `bytes */${blob.size}` } };
  const length = String(range === undefined ? blob.size : range.end - range.start);
  if (range === undefined) return { status: 200, headers: { ...headers, 'content-length': length }, send: { range } };
  const contentRange = `bytes ${range.start}-${range.end - 1}/${blob.size}`;
  return { status: 206, headers: { ...headers, 'content-length': length, 'content-range': contentRange }, send: { range } };
}

/** One range is honoured; several, or a form we do not know, give the whole as the standard allows. */
function rangeOf(
  { range, ifRange }: BlobConditions,
  size: number,
  etag: string,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start >= size || end <= start ? 'unsatisfiable' : { start, end };
}

function encodeName(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  return encodeURIComponent(file.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
