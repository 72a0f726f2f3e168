export { type Digest, digestOf, hexOf, isDigest, parseDigest } from './digest.ts';
export type { ByteRange, ObjectContent, ObjectStore, ObjectStoreOptions, StoredObject, UploadPart } from './model.ts';
export { objectErrors } from './errors.ts';
export { openObjectStore } from './open-object-store.ts';
