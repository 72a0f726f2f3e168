import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { S3Credentials } from '../model.ts';
import { signatureProblem } from './check-signature.ts';
import { answer, type Answer, bucket, type BucketState, type Call, fault } from './fake-bucket.ts';

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

export async function startFakeS3(options: FakeS3Options = {}): Promise<FakeS3> {
  const {
    credentials = { accessKeyId: 'AKIDFAKE', secretAccessKey: 'a secret/with+signs' },
    region = 'eu-test-1',
    pageSize = 1000,
  } = options;
  const state: BucketState = { objects: new Map(), uploads: new Map(), pageSize, cutAfter: undefined };
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
