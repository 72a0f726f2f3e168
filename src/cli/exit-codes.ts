import type { ErrorKind } from '#kernel/errors.ts';

/** The one map from what an error means to a process exit status; documented in docs/cli.md. */
export const exitCodes = {
  internal: 1,
  input: 2,
  'not-found': 3,
  conflict: 4,
  'not-allowed': 5,
  authentication: 5,
  limit: 6,
  overloaded: 7,
  unavailable: 7,
} as const satisfies Record<ErrorKind, number>;
