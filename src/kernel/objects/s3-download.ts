import type { Digest } from './digest.ts';
import { objectErrors } from './errors.ts';
import type { ByteRange } from './model.ts';
import { keyOf } from './s3-address.ts';
import type { S3Client } from './s3-client.ts';
import type { S3Response } from './s3-response.ts';

/**
 * Begins to read a blob; when the connection breaks on the way, the rest is asked for from where it broke. Undefined when
 * the range holds no byte. Throws `kernel.object-not-found`.
 */
export async function openDownload(
  client: S3Client,
  digest: Digest,
  range: ByteRange | undefined,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const first = await request(client, digest, range);
  if (first === undefined) return undefined;
  const start = range?.start ?? 0;
  const end = start + Number(first.headers.get('content-length'));
  let response = first;
  let at = start;
  let failures = 0;

  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      try {
        const chunk = await response.chunk();
        if (chunk !== undefined || at >= end) return chunk;
        throw new Error(`it sent ${at - start} of ${end - start} bytes`);
      } catch (error) {
        failures += 1;
        if (failures > client.retries) throw client.unavailable(`get ${digest}`, error);
        await client.backOff(failures);
        response = (await request(client, digest, { start: at, end })) ?? response;
      }
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const chunk = await next();
        if (chunk === undefined) return controller.close();
        at += chunk.length;
        failures = 0;
        controller.enqueue(chunk);
      },
      cancel: () => response.discard(),
    },
    { highWaterMark: 0 },
  );
}

async function request(client: S3Client, digest: Digest, range: ByteRange | undefined): Promise<S3Response | undefined> {
  const last = range?.end === undefined || range.end === Infinity ? '' : range.end - 1;
  const headers = range === undefined ? {} : { range: `bytes=${range.start}-${last}` };
  const key = keyOf(client.address, digest);
  const response = await client.send({
    operation: `get ${digest}`,
    method: 'GET',
    key,
    headers,
    accept: [range === undefined ? 200 : 206, 404, 416],
  });
  if (response.status === 200 || response.status === 206) return response;
  await response.text();
  if (response.status === 404) throw objectErrors['object-not-found']({ digest, store: client.address.name });
  return undefined;
}
