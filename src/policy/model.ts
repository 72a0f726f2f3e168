import { defineErrors } from '#kernel/errors.ts';

/** What policy answered, and which policies made it so. */
export interface Decision {
  readonly allowed: boolean;
  /** Ids of the policies that decided; empty when no policy allowed it. */
  readonly reasons: readonly string[];
  /** Errors of evaluation; any of them makes the decision a denial. */
  readonly errors: readonly string[];
}

/** The facts that a release gate is decided on; counts of checks. */
export interface GateFacts {
  readonly environment: 'staging' | 'production';
  readonly passed: number;
  readonly refused: number;
  /** Checks that could not be made. They count against the release. */
  readonly missing: number;
  readonly approvals: number;
  readonly approvalsNeeded: number;
}

export const policyErrors = defineErrors('policy', {
  'not-allowed': {
    kind: 'not-allowed',
    message: (a: { actor: string; action: string; project: string | undefined }) =>
      `${a.actor} may not ${a.action}${a.project === undefined ? '' : ` in the project ${a.project}`}.`,
    hint: () => 'Use a token with a wider scope, or ask an owner of the project.',
  },
  'invalid-policies': {
    kind: 'internal',
    message: (a: { problem: string }) => `The policies cannot be used: ${a.problem}.`,
  },
});
