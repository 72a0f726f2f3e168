import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeWebStream } from 'node:stream/web';
import { openBlobCache } from './blob-cache.ts';
import { checkRange, clipRange, emptyStream } from './byte-range.ts';
import { digestFromHex, type Digest } from './digest.ts';
import { objectErrors } from './errors.ts';
import type { BlobStore, ByteRange, ObjectStoreOptions, S3Credentials, StoredObject } from './model.ts';
import { keyOf, parseS3Address } from './s3-address.ts';
import { createS3Client, type S3Client } from './s3-client.ts';
import { openDownload } from './s3-download.ts';
import { upload } from './s3-upload.ts';
import { xmlElements, xmlText } from './s3-xml.ts';
import { prepareSpool } from './spool.ts';
import { systemClock } from '../clock.ts';

const smallestPart = 5 * 1024 * 1024;
const defaultPart = 64 * 1024 * 1024;

/** Blobs in a bucket under `<prefix>/objects/ab/cd/<hex>`: the layout of the directory store, so one can be copied to the other. */
export async function openS3Store(url: string, options: ObjectStoreOptions): Promise<BlobStore> {
  const address = parseS3Address(url);
  const credentials = options.credentials ?? noCredentials(url);
  const clock = options.clock ?? systemClock;
  const client = createS3Client(address, { credentials, tuning: options.s3 ?? {}, clock });
  const spoolDirectory = join(options.cacheDirectory, 'objects', 'tmp');
  await mkdir(spoolDirectory, { recursive: true });
  await prepareSpool(spoolDirectory, clock);
  const name = address.name;
  const partBytes = Math.max(options.s3?.partBytes ?? defaultPart, smallestPart);

  const size = (digest: Digest): Promise<number | undefined> => sizeOf(client, digest);
  const get = (digest: Digest, range: ByteRange | undefined): Promise<ReadableStream<Uint8Array>> => getRange(client, digest, range);
  const cache = await openBlobCache(
    {
      directory: join(options.cacheDirectory, 'objects', 'copies'),
      spoolDirectory,
      bytes: options.cacheBytes,
      holdMs: options.cacheHoldMs,
    },
    { store: name, clock, download: (digest) => get(digest, undefined) },
  );
  await checkBucket(client);

  return {
    name,
    spoolDirectory,
    add: async (file) => {
      try {
        if ((await size(file.digest)) !== file.size) await upload(client, file, partBytes);
      } finally {
        await rm(file.path, { force: true });
      }
    },
    get,
    // The same stream under two names: that of the standard and that of node.
    open: async (digest, range) => Readable.fromWeb((await get(digest, range)) as NodeWebStream),
    path: (digest) => cache.path(digest),
    size,
    delete: async (digest) => {
      const request = { operation: `delete ${digest}`, method: 'DELETE', key: keyOf(address, digest), accept: [200, 204, 404] } as const;
      await (await client.send(request)).text();
      await cache.remove(digest);
    },
    list: () => listObjects(client),
    close: async () => {
      client.close();
      await cache.close();
    },
  };
}

function noCredentials(url: string): S3Credentials {
  throw objectErrors['object-store-url-invalid']({ url, reason: 'it needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' });
}

/** A wrong bucket, key or region is told when the store opens, not at the first blob. */
async function checkBucket(client: S3Client): Promise<void> {
  const query = { 'list-type': '2', 'max-keys': '1', prefix: `${client.address.prefix}objects/` };
  await (await client.send({ operation: 'open the bucket', method: 'GET', query, accept: [200] })).text();
}

async function sizeOf(client: S3Client, digest: Digest): Promise<number | undefined> {
  const key = keyOf(client.address, digest);
  const response = await client.send({ operation: `look up ${digest}`, method: 'HEAD', key, accept: [200, 404] });
  return response.status === 404 ? undefined : Number(response.headers.get('content-length'));
}

async function getRange(client: S3Client, digest: Digest, range: ByteRange | undefined): Promise<ReadableStream<Uint8Array>> {
  if (range !== undefined) checkRange(digest, range);
  const download = range?.start === range?.end && range !== undefined ? undefined : await openDownload(client, digest, range);
  if (download !== undefined) return download;
  // S3 cannot send an empty range, so whether the range is valid has to be decided here.
  const size = await sizeOf(client, digest);
  if (size === undefined) throw objectErrors['object-not-found']({ digest, store: client.address.name });
  clipRange(digest, range, size);
  return emptyStream();
}

async function* listObjects(client: S3Client): AsyncGenerator<StoredObject> {
  const prefix = `${client.address.prefix}objects/`;
  let token: string | undefined;
  do {
    const query = { 'list-type': '2', prefix, ...(token === undefined ? {} : { 'continuation-token': token }) };
    const response = await client.send({ operation: 'list', method: 'GET', query, accept: [200] });
    const page = await response.text();
    for (const entry of xmlElements(page, 'Contents')) {
      const hex = /\/([0-9a-f]{64})$/.exec(xmlText(entry, 'Key') ?? '')?.[1];
      if (hex !== undefined) yield { digest: digestFromHex(hex), size: Number(xmlText(entry, 'Size')) };
    }
    token = xmlText(page, 'NextContinuationToken');
  } while (token !== undefined);
}
