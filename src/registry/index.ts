export { createRegistry, type Registry } from './registry.ts';
export { registryMigrations } from './migrations.ts';
export type { ModelVersion } from './model.ts';
export type * from './wire.ts';
export { signatureKey, verifyDirectory } from './signing/index.ts';
export type * from './import/index.ts';
