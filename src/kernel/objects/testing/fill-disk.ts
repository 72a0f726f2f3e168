import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { asRipenError } from '../../errors.ts';
import { openObjectStore } from '../open-object-store.ts';

// Puts more into a store than its disk holds and tells what happened as JSON.
const folder = process.argv[2] ?? '';
const store = await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
await store.put('small');
const large = () => Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(64 * 1024)));
const whole = await store.put(Buffer.alloc(5_000_000)).catch(asRipenError);
const streamed = await store.put(large()).catch(asRipenError);
const { id } = await store.uploads.begin({ note: '', expiresAt: Number.MAX_SAFE_INTEGER });
const part = await store.uploads.add(id, 1, large()).catch(asRipenError);
const parts = await readdir(`${folder}/objects/tmp/upload-${id}`);
await store.uploads.drop(id);
const objects = await Array.fromAsync(store.list());
process.stdout.write(
  JSON.stringify({
    errors: [whole, streamed, part].map((error) => ('code' in error ? { code: error.code, kind: error.kind } : {})),
    parts,
    left: await readdir(`${folder}/objects/tmp`),
    kept: objects.map((object) => object.digest),
  }),
);
