import { defineErrors } from '#kernel/errors.ts';

export const signingErrors = defineErrors('registry', {
  'not-signed': {
    kind: 'not-found',
    message: (a: { model: string; version: number }) => `Version ${a.version} of "${a.model}" has no signature.`,
    hint: () =>
      'A version without files of its own has nothing to sign. Others are signed when they are registered, and at the next start at the latest.',
  },
  'signing-key-not-found': {
    kind: 'not-found',
    message: (a: { key: string }) => `No signing key "${a.key}" is known.`,
    hint: () => 'Write `current`, or an id that `ripen models keys` shows.',
  },
  'signature-invalid': {
    kind: 'input',
    message: (a: { file: string; problem: string }) => `"${a.file}" is no model signature that can be verified: ${a.problem}.`,
    hint: () =>
      'A signature is a sigstore bundle (v0.3, JSON) of the OpenSSF Model Signing specification v1, made with an elliptic curve key.',
  },
  'signing-key-broken': {
    kind: 'internal',
    message: (a: { file: string; problem: string }) => `The signing key in ${a.file} cannot be used: ${a.problem}.`,
    hint: () => 'Put the file back from a backup, or move it away: the next start makes a new key. Signatures of the old key stay valid.',
  },
});
