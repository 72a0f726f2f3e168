import type { CallOptions } from './call.ts';
import { RipenRequestError } from './request-error.ts';

/** Bytes from `from` to `to`, both included, counted from 0; to the end where `to` is left out. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number | undefined;
}

export interface ReadOptions extends Omit<CallOptions, 'headers' | 'repeatable'> {
  readonly range?: ByteRange | undefined;
}

/** A file on its way. Read it in one of these ways, once. */
export interface Download {
  /** In bytes, of what is sent; undefined where it is not known before. */
  readonly size: number | undefined;
  readonly mediaType: string;
  readonly stream: ReadableStream<Uint8Array>;
  /** @throws `client.damaged` when the file is known by its digest and these are other bytes */
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export function rangeHeader(range: ByteRange | undefined): Record<string, string> {
  return range === undefined ? {} : { range: `bytes=${range.from}-${range.to ?? ''}` };
}

/** `digest`: `sha256:` and hex, of the whole file. */
export function createDownload(response: Response, digest?: string): Download {
  const length = response.headers.get('content-length');
  const bytes = async () => {
    const read = new Uint8Array(await response.arrayBuffer());
    if (digest !== undefined) await check(read, digest);
    return read;
  };
  const text = async () => new TextDecoder().decode(await bytes());
  return {
    size: length === null ? undefined : Number(length),
    mediaType: response.headers.get('content-type') ?? 'application/octet-stream',
    // Without a body the file is empty.
    stream: response.body ?? new Blob([]).stream(),
    bytes,
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
}

async function check(bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<void> {
  // Pages without https have no SHA-256.
  if (!('subtle' in crypto)) return;
  const hex = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const found = `sha256:${hex}`;
  if (found !== digest) {
    const message = `The bytes that came have the digest ${found}, and not ${digest}.`;
    throw new RipenRequestError({ code: 'client.damaged', message, status: 0, hint: 'Something on the way changed them; get them again.' });
  }
}
