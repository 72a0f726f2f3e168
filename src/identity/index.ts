export { localPerson } from './authenticate.ts';
export { createIdentity, type Identity } from './identity.ts';
export { identityMigrations } from './migrations.ts';
export { type Principal, type Project } from './model.ts';
export { type MemberWire, projectSchema, type ProjectWire, type TokenWire } from './wire.ts';
