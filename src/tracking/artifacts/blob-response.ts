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

type OpenBlob = (range: ByteRange | undefined) => Promise<ReadableStream<Uint8Array>>;

/**
 * Answers with the bytes of a blob: one range (RFC 9110 section 14), `ETag` and `If-None-Match`. The page that shows them can
 * run no script of theirs. Nothing is opened before the body is read: the body of a HEAD request, or of a caller who has hung
 * up, never is.
 */
export function blobResponse(request: Request, blob: NamedBlob, open: OpenBlob): Response {
  const etag = `"${blob.digest}"`;
  const headers = new Headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-type': blob.mediaType,
    'content-security-policy': blob.framed === true ? framed : still,
    'x-content-type-options': 'nosniff',
    'content-disposition': `${blob.download ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeName(blob.name)}`,
  });
  if (request.headers.get('if-none-match')?.includes(etag) === true) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, blob.size, etag);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${blob.size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-length', String(range === undefined ? blob.size : range.end - range.start));
  if (range !== undefined) headers.set('content-range', `bytes ${range.start}-${range.end - 1}/${blob.size}`);
  return new Response(
    openWhenRead(() => open(range)),
    { status: range === undefined ? 200 : 206, headers },
  );
}

function openWhenRead(open: () => Promise<ReadableStream<Uint8Array>>): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let cancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reader ??= (await open()).getReader();
        if (cancelled) return reader.cancel();
        const { done, value } = await reader.read();
        if (cancelled) return undefined;
        return done ? controller.close() : controller.enqueue(value);
      },
      async cancel(reason) {
        cancelled = true;
        await reader?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** One range is honoured; several, or a form we do not know, give the whole as the standard allows. */
function rangeOf(request: Request, size: number, etag: string): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const condition = request.headers.get('if-range');
  if (condition !== null && condition !== etag) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start >= size || end <= start ? 'unsatisfiable' : { start, end };
}

function encodeName(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  return encodeURIComponent(file).replaceAll(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
