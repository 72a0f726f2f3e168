import { randomBytes } from 'node:crypto';
import { openObjectStore } from '../open-object-store.ts';

// Puts blobs until it is killed and tells the digest of each one that is stored.
const folder = process.argv[2] ?? '';
const store = await openObjectStore(`file:${folder}`, { cacheDirectory: folder });
for (;;) {
  const stored = await Promise.all([1, 2, 3].map((factor) => store.put(randomBytes(factor * 100_000))));
  process.stdout.write(stored.map(({ digest }) => `${digest}\n`).join(''));
}
