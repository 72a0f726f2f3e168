export { findDirectory, insertDirectory } from './directory-store.ts';
export { directoryEndpoints } from './endpoints.ts';
export { directoryMigration } from './migrations.ts';
export type { ModelDirectory } from './model.ts';
export { findModelFile, type InspectedDirectory, readDirectory } from './read-directory.ts';
export { directoryShape, type ModelDirectoryWire, type ModelSchemaWire, wireDirectory } from './wire.ts';
