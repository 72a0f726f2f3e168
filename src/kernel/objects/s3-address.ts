import { objectErrors } from './errors.ts';
import { objectKey, type Digest } from './digest.ts';

/** Where a bucket answers. */
export interface S3Address {
  /** `s3://bucket/prefix`, for messages. */
  readonly name: string;
  readonly region: string;
  /** Address of the bucket without a slash at its end. */
  readonly bucketUrl: string;
  /** Begins every key; empty or ending in a slash. */
  readonly prefix: string;
}

/**
 * Reads `s3://bucket/prefix?endpoint=http://host:9000&region=us-east-1`. With an endpoint the bucket is the first part of
 * the path, as MinIO and Ceph expect; without one it is part of the host name of AWS.
 */
export function parseS3Address(text: string): S3Address {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') throw objectErrors['object-store-url-invalid']({ url: text, reason: 'the bucket is missing' });
  if (url.username !== '' || url.password !== '') {
    const named = `s3://${url.hostname}${url.pathname}`;
    throw objectErrors['object-store-url-invalid']({ url: named, reason: 'keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' });
  }
  const bucket = url.hostname;
  const region = url.searchParams.get('region') ?? 'us-east-1';
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    name: folder === '' ? `s3://${bucket}` : `s3://${bucket}/${folder}`,
    region,
    bucketUrl: bucketUrl(text, bucket, { endpoint: url.searchParams.get('endpoint'), region }),
    prefix: folder === '' ? '' : `${folder}/`,
  };
}

function bucketUrl(text: string, bucket: string, at: { endpoint: string | null; region: string }): string {
  if (at.endpoint === null) return `https://${bucket}.s3.${at.region}.amazonaws.com`;
  const endpoint = URL.parse(at.endpoint);
  if (endpoint === null || !/^https?:$/.test(endpoint.protocol)) {
    throw objectErrors['object-store-url-invalid']({ url: text, reason: 'the endpoint is not an http or https address' });
  }
  return `${endpoint.origin}${endpoint.pathname.replace(/\/+$/, '')}/${bucket}`;
}

export function keyOf(address: S3Address, digest: Digest): string {
  return address.prefix + objectKey(digest);
}

/** The address of a key, or of the bucket, with each part escaped as SigV4 wants it (RFC 3986). */
export function urlOf(address: S3Address, key: string | undefined, query: Readonly<Record<string, string>>): string {
  const path = key === undefined ? '' : key.split('/').map(escaped).join('/');
  const search = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return `${address.bucketUrl}/${path}${search.length === 0 ? '' : `?${search.join('&')}`}`;
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
