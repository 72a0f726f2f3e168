import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { escapeXml, xmlElements, xmlText } from '../s3-xml.ts';

export interface BucketState {
  readonly objects: Map<string, Buffer>;
  readonly uploads: Map<string, Map<number, Buffer>>;
  readonly pageSize: number;
  cutAfter: number | undefined;
}

export interface Call {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Break the connection after so many bytes of the body. */
  readonly cutAfter?: number | undefined;
}

export const bucket = 'blobs';
const smallestPart = 5 * 1024 * 1024;

export function fault(status: number, code: string, message: string): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>` };
}

/** What S3 answers to a call whose signature is right. */
export function answer(state: BucketState, call: Call): Answer {
  if (call.key.startsWith('no such bucket')) return fault(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const uploadId = call.query.get('uploadId');
  if (call.query.has('uploads')) return beginUpload(state);
  if (uploadId !== null) return changeUpload(state, call, uploadId);
  if (call.key === '') return listPage(state, call.query);
  if (call.method === 'PUT') {
    state.objects.set(call.key, call.body);
    return { status: 200, headers: { etag: tagOf(call.body) } };
  }
  if (call.method === 'DELETE') {
    state.objects.delete(call.key);
    return { status: 204 };
  }
  return readObject(state, call);
}

function readObject(state: BucketState, call: Call): Answer {
  const object = state.objects.get(call.key);
  if (object === undefined) return fault(404, 'NoSuchKey', 'The specified key does not exist.');
  const headers = { etag: tagOf(object), 'accept-ranges': 'bytes' };
  if (call.method === 'HEAD') return { status: 200, headers: { ...headers, 'content-length': String(object.length) } };
  const cutAfter = state.cutAfter;
  state.cutAfter = undefined;
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '');
  if (range === null) return { status: 200, headers, body: object, cutAfter };
  const start = Number(range[1]);
  if (start >= object.length) return fault(416, 'InvalidRange', 'The requested range is not satisfiable');
  const end = Math.min(range[2] === '' ? object.length : Number(range[2]) + 1, object.length);
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${object.length}` },
    body: object.subarray(start, end),
    cutAfter,
  };
}

function listPage(state: BucketState, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const size = Math.min(Number(query.get('max-keys') ?? 1000), state.pageSize);
  const keys = [...state.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const page = keys.slice(0, size);
  const contents = page.map((key) => `<Contents><Key>${escapeXml(key)}</Key><Size>${state.objects.get(key)?.length}</Size></Contents>`);
  const more = keys.length > page.length ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? '')}</NextContinuationToken>` : '';
  return { status: 200, body: `<?xml version="1.0"?><ListBucketResult>${contents.join('\n')}${more}</ListBucketResult>` };
}

function beginUpload(state: BucketState): Answer {
  const id = randomUUID();
  state.uploads.set(id, new Map());
  return { status: 200, body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` };
}

function changeUpload(state: BucketState, call: Call, uploadId: string): Answer {
  const parts = state.uploads.get(uploadId);
  if (parts === undefined) return fault(404, 'NoSuchUpload', 'The specified upload does not exist.');
  if (call.method === 'PUT') {
    parts.set(Number(call.query.get('partNumber')), call.body);
    return { status: 200, headers: { etag: tagOf(call.body) } };
  }
  if (call.method === 'DELETE') {
    state.uploads.delete(uploadId);
    return { status: 204 };
  }
  const listed = xmlElements(call.body.toString(), 'Part').map((part) => {
    const content = parts.get(Number(xmlText(part, 'PartNumber')));
    return content !== undefined && tagOf(content) === xmlText(part, 'ETag') ? content : undefined;
  });
  if (listed.includes(undefined)) return fault(400, 'InvalidPart', 'A part was not found');
  const contents = listed.filter((part) => part !== undefined);
  if (contents.slice(0, -1).some((part) => part.length < smallestPart)) return fault(400, 'EntityTooSmall', 'A part is too small');
  state.objects.set(call.key, Buffer.concat(contents));
  state.uploads.delete(uploadId);
  return { status: 200, body: '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>' };
}

function tagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}
