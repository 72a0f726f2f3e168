import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { S3Credentials } from '../model.ts';

export interface SignedCall {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly credentials: S3Credentials;
  readonly region: string;
}

/**
 * What is wrong with the signature of a request, or undefined. Computed from the raw request by the AWS documentation
 * "Signature Version 4 for S3", independently of the library that signs.
 */
export function signatureProblem({ request, body, credentials, region }: SignedCall): string | undefined {
  const form = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, credential, signedHeaders, signature] = form.exec(request.headers.authorization ?? '') ?? [];
  if (credential === undefined || signedHeaders === undefined) return 'the request is not signed';
  const time = headerOf(request, 'x-amz-date');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  if (credential !== `${credentials.accessKeyId}/${scope}`) return `the credential scope is ${credential}`;
  if (headerOf(request, 'x-amz-security-token') !== (credentials.sessionToken ?? '')) return 'the session token is wrong';
  const names = signedHeaders.split(';');
  const unsigned = Object.keys(request.headers).find((name) => (name === 'host' || name.startsWith('x-amz-')) && !names.includes(name));
  if (unsigned !== undefined) return `the header ${unsigned} is not signed`;
  const contentHash = headerOf(request, 'x-amz-content-sha256');
  if (contentHash !== sha256(body)) return `the body does not hash to ${contentHash}`;

  const [path = '', search = ''] = (request.url ?? '').split('?');
  const query = search === '' ? [] : search.split('&').toSorted();
  const headers = names.map((name) => `${name}:${headerOf(request, name).trim().replace(/\s+/g, ' ')}\n`).join('');
  const canonical = [request.method, path, query.join('&'), headers, signedHeaders, contentHash].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  return hmac(key, text).toString('hex') === signature ? undefined : `the signature does not fit ${JSON.stringify(canonical)}`;
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
