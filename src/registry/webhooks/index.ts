export { webhookEndpoints } from './endpoints.ts';
export { webhookMigration } from './migrations.ts';
export type { Webhook } from './model.ts';
export { createWebhooks, type Webhooks } from './webhooks.ts';
