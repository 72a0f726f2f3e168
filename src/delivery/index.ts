export type { Delivery } from './assemble-delivery.ts';
export { createDelivery, type DeliveryDeps } from './delivery.ts';
export { type DeclaredDeployment, readDeployments, type SectionParser } from './deployment-file.ts';
export { deliveryErrors } from './errors.ts';
export { deliveryMigrations } from './migrations.ts';
export type { Approval, GateEvaluation, Release, ReleaseStep } from './model.ts';
export type { ReleaseRequest, ReleaseStory } from './releases.ts';
export type { ReleaseOutcome, ReleaseState } from './states.ts';
export type { DeclaredDeploymentWire, GateCheckWire, GateWire, ReleasePageWire, ReleaseStoryWire, ReleaseWire } from './wire.ts';
