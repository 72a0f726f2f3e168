export { type Decision, type GateFacts, policyErrors } from './model.ts';
export { createPolicy, type Policy } from './policy.ts';
