import type { Readable } from 'node:stream';
import type { DirectCall, DirectReply } from '#kernel/http/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import { blobHead, type NamedBlob } from './blob-head.ts';

/** Answers a direct call with the bytes of a blob, whole or a range; for HEAD nothing is opened. */
export async function blobReply(
  { method, headers: asked }: DirectCall,
  blob: NamedBlob,
  open: (range: ByteRange | undefined) => Promise<Readable>,
): Promise<DirectReply> {
  const { status, headers, send } = blobHead(
    { range: asked.range, ifRange: first(asked['if-range']), ifNoneMatch: asked['if-none-match'] },
    blob,
  );
  return { status, headers, body: send === undefined || method === 'HEAD' ? undefined : await open(send.range) };
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
