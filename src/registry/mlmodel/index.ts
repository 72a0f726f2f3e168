export { findDirectory, insertDirectory } from './directory-store.ts';
export { directoryEndpoints } from './endpoints.ts';
export { directoryMigration } from './migrations.ts';
export type { ModelDirectory } from './model.ts';
export { readDirectory } from './read-directory.ts';
export { type ModelDirectoryWire, wireDirectory } from './wire.ts';
