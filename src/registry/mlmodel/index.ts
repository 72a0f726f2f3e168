export { findDirectory, insertDirectory } from './directory-store.ts';
export { directoryMigration } from './migrations.ts';
export type { ModelDirectory } from './model.ts';
export { findModelFile, type InspectedDirectory, readDirectory } from './read-directory.ts';
export { directoryShape, type ModelDirectoryWire, wireDirectory } from './wire.ts';
