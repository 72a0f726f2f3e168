export { createAdmission } from './admission.ts';
export { createPolicy, type Policy } from './policy.ts';
