import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json',
};

const security = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Serves the built pages from `directory`; every address that is no file is the one page, which routes by itself. */
export function webFiles(directory: string): (request: Request) => Promise<Response | undefined> {
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
    return answer(file, pathname, request.method);
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

function answer(file: string, pathname: string, method: string): Response {
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': String(statSync(file).size),
    // File names below /assets carry their content's hash.
    'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...security,
  };
  // The web stream of a Node stream is the same at run time; the two declarations differ.
  const body = method === 'HEAD' ? null : (Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
  return new Response(body, { headers });
}
