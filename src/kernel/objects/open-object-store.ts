import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../clock.ts';
import { openDirectoryStore } from './directory-store.ts';
import { objectErrors } from './errors.ts';
import type { BlobStore, ObjectStore, ObjectStoreOptions } from './model.ts';
import { createObjectStore } from './object-store.ts';
import { openS3Store } from './s3-store.ts';

/** Every kind of store, by the scheme of its URL. */
const openers: Readonly<Record<string, (url: string, options: ObjectStoreOptions) => Promise<BlobStore>>> = {
  file: (url, options) => openDirectoryStore(folderOf(url), options.clock ?? systemClock),
  s3: openS3Store,
};

/**
 * Opens `file:/path` or `s3://bucket/prefix?endpoint=…&region=…`. Throws `kernel.object-store-url-invalid`,
 * `kernel.object-store-refused` and `kernel.object-store-unavailable`.
 */
export async function openObjectStore(url: string, options: ObjectStoreOptions): Promise<ObjectStore> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const opener = openers[scheme];
  if (opener === undefined) {
    const known = Object.keys(openers).join(' and ');
    throw objectErrors['object-store-url-invalid']({ url, reason: `only ${known} are known` });
  }
  return createObjectStore(await opener(url, options), options.clock ?? systemClock);
}

/** `file:///a%20b` as a URL; `file:/a b` and `file:relative` as plain paths. */
function folderOf(url: string): string {
  if (/^file:\/\//i.test(url)) return fileURLToPath(url);
  const path = url.slice('file:'.length);
  if (path === '') throw objectErrors['object-store-url-invalid']({ url, reason: 'the folder is missing' });
  return resolve(path);
}
