export { createRegistry, type Registry } from './registry.ts';
export type { Evaluation } from './evaluation.ts';
export type { Lineage } from './lineage.ts';
export { registryMigrations } from './migrations.ts';
export type { DataSnapshot, Model, ModelVersion, Signature, TensorSpec, VersionFile } from './model.ts';
export type { RegisterVersion } from './register-version.ts';
export type { RegistryDeps, VersionAddress } from './service.ts';
export type * from './wire.ts';
