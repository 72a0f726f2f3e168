import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { S3Credentials } from '../model.ts';
import { escapeXml, xmlElements, xmlText } from '../s3-xml.ts';
import { signatureProblem } from './check-signature.ts';

/** A small S3 over HTTP with one bucket in memory: checks every signature and body hash, and fails when told to. */
export interface FakeS3 {
  readonly credentials: S3Credentials;
  readonly objects: Map<string, Buffer>;
  /** `METHOD path?query` of every request, in order. */
  readonly requests: string[];
  /** Multipart uploads that are neither completed nor aborted. */
  openUploads(): number;
  /** The address of the bucket for `openObjectStore`. */
  url(prefix?: string): string;
  /** The next `count` requests are answered with this status. */
  fail(count: number, status: number): void;
  /** Later requests get no answer until it is set back. */
  hang(on: boolean): void;
  /** The next object that is sent breaks off after so many bytes. */
  cutNext(bytes: number): void;
  close(): Promise<void>;
}

export interface FakeS3Options {
  readonly credentials?: S3Credentials;
  readonly region?: string;
  /** Keys on one page of a list. */
  readonly pageSize?: number;
}

interface State {
  readonly objects: Map<string, Buffer>;
  readonly uploads: Map<string, Map<number, Buffer>>;
  readonly pageSize: number;
  cutAfter: number | undefined;
}

interface Call {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Break the connection after so many bytes of the body. */
  readonly cutAfter?: number | undefined;
}

const bucket = 'blobs';
const smallestPart = 5 * 1024 * 1024;

export async function startFakeS3(options: FakeS3Options = {}): Promise<FakeS3> {
  const {
    credentials = { accessKeyId: 'AKIDFAKE', secretAccessKey: 'a secret/with+signs' },
    region = 'eu-test-1',
    pageSize = 1000,
  } = options;
  const state: State = { objects: new Map(), uploads: new Map(), pageSize, cutAfter: undefined };
  const requests: string[] = [];
  let failing = { count: 0, status: 503 };
  let hanging = false;

  const server = createServer((request, response) => {
    const handle = async (): Promise<void> => {
      requests.push(`${request.method} ${request.url}`);
      const body = await buffer(request);
      if (hanging) return;
      if (failing.count > 0) {
        failing.count -= 1;
        return reply(response, request, fault(failing.status, 'SlowDown', 'Please reduce your request rate.'));
      }
      const problem = signatureProblem({ request, body, credentials, region });
      reply(
        response,
        request,
        problem === undefined ? answer(state, readCall(request, body)) : fault(403, 'SignatureDoesNotMatch', problem),
      );
    };
    handle().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;

  return {
    credentials,
    objects: state.objects,
    requests,
    openUploads: () => state.uploads.size,
    url: (prefix = '') => `s3://${bucket}/${prefix}?endpoint=http://127.0.0.1:${port}&region=${region}`,
    fail: (count, status) => {
      failing = { count, status };
    },
    hang: (on) => {
      hanging = on;
    },
    cutNext: (bytes) => {
      state.cutAfter = bytes;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function readCall(request: IncomingMessage, body: Buffer): Call {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [name, ...key] = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const { method = 'GET', headers } = request;
  return { method, key: name === bucket ? key.join('/') : `no such bucket/${name}`, query: url.searchParams, headers, body };
}

function reply(response: ServerResponse, request: IncomingMessage, result: Answer): void {
  const body = Buffer.from(result.body ?? '');
  response.writeHead(result.status, { 'content-length': String(body.length), ...result.headers });
  if (request.method === 'HEAD') response.end();
  else if (result.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, result.cutAfter), () => response.destroy());
}

function fault(status: number, code: string, message: string): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>` };
}

function answer(state: State, call: Call): Answer {
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

function readObject(state: State, call: Call): Answer {
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

function listPage(state: State, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const size = Math.min(Number(query.get('max-keys') ?? 1000), state.pageSize);
  const keys = [...state.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const page = keys.slice(0, size);
  const contents = page.map((key) => `<Contents><Key>${escapeXml(key)}</Key><Size>${state.objects.get(key)?.length}</Size></Contents>`);
  const more = keys.length > page.length ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? '')}</NextContinuationToken>` : '';
  return { status: 200, body: `<?xml version="1.0"?><ListBucketResult>${contents.join('\n')}${more}</ListBucketResult>` };
}

function beginUpload(state: State): Answer {
  const id = randomUUID();
  state.uploads.set(id, new Map());
  return { status: 200, body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` };
}

function changeUpload(state: State, call: Call, uploadId: string): Answer {
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
