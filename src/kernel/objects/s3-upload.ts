import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { hexOf } from './digest.ts';
import type { SpooledFile } from './model.ts';
import { keyOf } from './s3-address.ts';
import type { S3Client } from './s3-client.ts';
import { escapeXml, xmlText } from './s3-xml.ts';

const mostParts = 10_000;
const partsAtOnce = 3;

/** One PUT, or parts above `partBytes`. S3 checks the sha256 of each request and refuses bytes that changed on the way. */
export async function upload(client: S3Client, file: SpooledFile, partBytes: number): Promise<void> {
  const key = keyOf(client.address, file.digest);
  const content = await openAsBlob(file.path);
  if (file.size > partBytes) return uploadParts(client, { key, content, partBytes: Math.max(partBytes, Math.ceil(file.size / mostParts)) });
  const body = { content, sha256: hexOf(file.digest) };
  const response = await client.send({ operation: `put ${file.digest}`, method: 'PUT', key, body, accept: [200] });
  await response.text();
}

interface PartedUpload {
  readonly key: string;
  readonly content: Blob;
  readonly partBytes: number;
}

async function uploadParts(client: S3Client, job: PartedUpload): Promise<void> {
  const begun = await client.send({ operation: 'begin an upload', method: 'POST', key: job.key, query: { uploads: '' }, accept: [200] });
  const uploadId = xmlText(await begun.text(), 'UploadId');
  if (uploadId === undefined) throw client.unavailable('begin an upload', new Error('the answer names no upload'));
  try {
    const tags = await sendParts(client, job, uploadId);
    await completeUpload(client, job, { uploadId, tags });
  } catch (error) {
    await abortUpload(client, job.key, { uploadId, error });
    throw error;
  }
}

/** Uploads a few parts at a time and returns their tags in order. */
async function sendParts(client: S3Client, job: PartedUpload, uploadId: string): Promise<string[]> {
  const count = Math.ceil(job.content.size / job.partBytes);
  const tags: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      try {
        tags[index] = await sendPart(client, job, { uploadId, index });
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  // All workers have ended before the upload is aborted: a part that arrives later would stay in the bucket for ever.
  const results = await Promise.allSettled(Array.from({ length: partsAtOnce }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return tags;
}

async function sendPart(client: S3Client, job: PartedUpload, part: { uploadId: string; index: number }): Promise<string> {
  const content = job.content.slice(part.index * job.partBytes, (part.index + 1) * job.partBytes);
  const hash = createHash('sha256');
  for await (const chunk of content.stream()) hash.update(chunk);
  const number = part.index + 1;
  const response = await client.send({
    operation: `put part ${number} of ${job.key}`,
    method: 'PUT',
    key: job.key,
    query: { partNumber: String(number), uploadId: part.uploadId },
    body: { content, sha256: hash.digest('hex') },
    accept: [200],
  });
  await response.text();
  return response.headers.get('etag') ?? '';
}

async function completeUpload(client: S3Client, job: PartedUpload, done: { uploadId: string; tags: readonly string[] }): Promise<void> {
  const parts = done.tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(tag)}</ETag></Part>`);
  const text = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  const body = { content: new Blob([text]), sha256: createHash('sha256').update(text).digest('hex') };
  const operation = `complete ${job.key}`;
  const query = { uploadId: done.uploadId };
  const response = await client.send({ operation, method: 'POST', key: job.key, query, body, accept: [200, 404] });
  const answer = await response.text();
  // S3 sends 200 before it knows the outcome and puts a late error in the body; 404 comes when an earlier try did succeed.
  if (response.status === 200 && !answer.includes('<Error>')) return;
  const head = await client.send({ operation, method: 'HEAD', key: job.key, accept: [200, 404] });
  if (head.status === 200 && head.headers.get('content-length') === String(job.content.size)) return;
  throw client.unavailable(operation, new Error(xmlText(answer, 'Message') ?? 'the upload was lost'));
}

async function abortUpload(client: S3Client, key: string, failed: { uploadId: string; error: unknown }): Promise<void> {
  try {
    await client.send({ operation: `abort ${key}`, method: 'DELETE', key, query: { uploadId: failed.uploadId }, accept: [204, 404] });
  } catch (error) {
    // Both count: the first says why nothing was stored, the second that parts remain in the bucket.
    const both = new AggregateError([failed.error, error], 'the upload failed and its parts could not be removed');
    throw client.unavailable(`put ${key}`, both);
  }
}
