export { signingEndpoints } from './endpoints.ts';
export { signatureMigration } from './migrations.ts';
export { createSignatures, type Signatures } from './signatures.ts';
export { signatureKey, verifyDirectory } from './verify-directory.ts';
