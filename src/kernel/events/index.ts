export { type Actor, type ChangeContext, type EventDraft, type RipenEvent, systemActor } from './event.ts';
export { type Change, createEventLog, type EventLog } from './event-log.ts';
export { verifyConsistency, verifyInclusion } from './merkle.ts';
export { eventMigrations } from './migrations.ts';
export { proveConsistency, proveInclusion, rootAt } from './proofs.ts';
export { subscribe } from './subscriptions.ts';
export { type LogFault, type LogVerification, verifyLog } from './verify.ts';
