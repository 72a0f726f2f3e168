export type { Delivery } from './assemble-delivery.ts';
export { createDelivery, type DeliveryDeps } from './delivery.ts';
export { type DeclaredDeployment, readDeployments, type SectionParser } from './deployment-file.ts';
export { deliveryMigrations } from './migrations.ts';
export type { Release } from './model.ts';
export type { ReleaseRequest, ReleaseStory } from './releases.ts';
export type { DeclaredDeploymentWire, GateCheckWire, GateWire, ReleasePageWire, ReleaseStoryWire, ReleaseWire } from './wire.ts';
