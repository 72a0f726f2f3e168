import type { ByteRange } from '#kernel/objects/index.ts';
import { blobHead, type NamedBlob } from './blob-head.ts';

type OpenBlob = (range: ByteRange | undefined) => Promise<ReadableStream<Uint8Array>>;

/**
 * Answers with the bytes of a blob, whole or a range. Nothing is opened before the body is read: the body of a HEAD request, or of
 * a caller who has hung up, never is.
 */
export function blobResponse(request: Request, blob: NamedBlob, open: OpenBlob): Response {
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  const asked = { range: header('range'), ifRange: header('if-range'), ifNoneMatch: header('if-none-match') };
  const { status, headers, send } = blobHead(asked, blob);
  return new Response(send === undefined ? null : openWhenRead(() => open(send.range)), { status, headers });
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
