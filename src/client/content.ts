/** Bytes to send. A stream can be sent once only; a function is asked again for each attempt, so it survives a broken connection. */
export type Content = Bytes | ByteStream | (() => Bytes | ByteStream | Promise<Bytes | ByteStream>);
type Bytes = string | Uint8Array | ArrayBuffer | Blob;
type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface SentContent {
  readonly body: NonNullable<RequestInit['body']>;
  readonly isStream: boolean;
}

/** Whether the same bytes can be sent again. */
export function isRepeatable(content: Content): boolean {
  return typeof content === 'function' || !isStream(content);
}

export async function open(content: Content): Promise<SentContent> {
  const bytes = typeof content === 'function' ? await content() : content;
  // What fetch takes is said by the types of each platform in its own way.
  const body = (isStream(bytes) ? streamOf(bytes) : bytes) as NonNullable<RequestInit['body']>;
  return { body, isStream: isStream(bytes) };
}

function isStream(content: Exclude<Content, () => unknown>): content is ByteStream {
  return content instanceof ReadableStream || (typeof content === 'object' && Symbol.asyncIterator in content);
}

function streamOf(source: ByteStream): ReadableStream<Uint8Array> {
  if (source instanceof ReadableStream) return source;
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  });
}
