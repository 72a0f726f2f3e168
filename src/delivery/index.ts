export { createDelivery } from './delivery.ts';
export { readDeployments } from './deployment-file.ts';
export { deliveryMigrations } from './migrations.ts';
export type { DeclaredDeploymentWire, GateCheckWire, GateWire, ReleasePageWire, ReleaseStoryWire, ReleaseWire } from './wire.ts';
