import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json',
};

const compressible = new Set(['.html', '.js', '.css', '.svg', '.json']);
const compress = promisify(gzip);

const security = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Serves the built pages from `directory`; every address that is no file is the one page, which routes by itself. */
export function webFiles(directory: string): (request: Request) => Promise<Response | undefined> {
  const compressed = compressedFiles();
  return async (request) => {
    const { pathname } = new URL(request.url);
    if ((request.method !== 'GET' && request.method !== 'HEAD') || pathname.startsWith('/api/')) return undefined;
    const decoded = decode(pathname);
    if (decoded === undefined) return undefined;
    const wanted = join(directory, normalize(decoded));
    const isFile = wanted.startsWith(`${directory}/`) && existsSync(wanted) && statSync(wanted).isFile();
    if (!isFile && pathname.startsWith('/assets/')) return undefined;
    const file = isFile ? wanted : join(directory, 'index.html');
    if (!existsSync(file)) return undefined;
    const takesGzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') && compressible.has(extname(file));
    return answer(file, { pathname, method: request.method, bytes: takesGzip ? await compressed(file) : undefined });
  };
}

/** Undefined for what is no percent-encoding. */
function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** Files as gzip, each compressed once for as long as it does not change. */
function compressedFiles(): (file: string) => Promise<Buffer<ArrayBuffer>> {
  const kept = new Map<string, { readonly changedAt: number; readonly bytes: Promise<Buffer<ArrayBuffer>> }>();
  return (file) => {
    const { mtimeMs: changedAt } = statSync(file);
    const found = kept.get(file);
    if (found?.changedAt === changedAt) return found.bytes;
    // A buffer that zlib makes is never shared memory.
    const bytes = compress(readFileSync(file)) as Promise<Buffer<ArrayBuffer>>;
    kept.set(file, { changedAt, bytes });
    return bytes;
  };
}

interface Asked {
  readonly pathname: string;
  readonly method: string;
  /** The file as gzip, where it is to be sent so. */
  readonly bytes: Buffer<ArrayBuffer> | undefined;
}

function answer(file: string, { pathname, method, bytes }: Asked): Response {
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': String(bytes?.length ?? statSync(file).size),
    ...(bytes === undefined ? {} : { 'content-encoding': 'gzip' }),
    vary: 'accept-encoding',
    // File names below /assets carry their content's hash.
    'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...security,
  };
  if (method === 'HEAD') return new Response(null, { headers });
  // The web stream of a Node stream is the same at run time; the two declarations differ.
  return new Response(bytes ?? (Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>), { headers });
}
