export { createRegistry, type Registry } from './registry.ts';
export { registryMigrations } from './migrations.ts';
export type { ModelVersion } from './model.ts';
export type * from './wire.ts';
export type { ModelDirectoryWire, ModelSchemaWire } from './mlmodel/index.ts';
export { type SignatureVerificationWire, signatureKey, type SigningKeyWire, verifyDirectory } from './signing/index.ts';
export type { DeliveryDetailWire, DeliveryWire, ListedWebhookWire, WebhookTestWire, WebhookWire } from './webhooks/index.ts';
