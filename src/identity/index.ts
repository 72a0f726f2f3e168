export { localPerson } from './authenticate.ts';
export { createIdentity, type Identity } from './identity.ts';
export { identityMigrations } from './migrations.ts';
export { identityErrors, type Member, type Persona, type Principal, type Project, type Scope } from './model.ts';
export { type MeWire, type MemberWire, projectSchema, type ProjectWire, type TokenWire } from './wire.ts';
