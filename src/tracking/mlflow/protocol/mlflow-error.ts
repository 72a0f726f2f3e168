import { asRipenError, type ErrorKind } from '#kernel/errors.ts';

/** The codes of MLflow's errors that Ripen answers, with the status that MLflow gives each. */
const statuses = {
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_FOUND: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  INVALID_STATE: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;

export type MlflowErrorCode = keyof typeof statuses;

/** An answer in MLflow's own words; clients compare the code and parts of the message. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly errorCode: MlflowErrorCode;
  readonly status: number;

  constructor(errorCode: MlflowErrorCode, message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.errorCode = errorCode;
    this.status = options.status ?? statuses[errorCode];
  }
}

const codeOfKind: Readonly<Partial<Record<ErrorKind, MlflowErrorCode>>> & Readonly<Record<string, MlflowErrorCode>> = {
  input: 'INVALID_PARAMETER_VALUE',
  limit: 'INVALID_PARAMETER_VALUE',
  conflict: 'INVALID_PARAMETER_VALUE',
  'not-found': 'RESOURCE_DOES_NOT_EXIST',
  authentication: 'UNAUTHENTICATED',
  'not-allowed': 'PERMISSION_DENIED',
  overloaded: 'REQUEST_LIMIT_EXCEEDED',
  unavailable: 'TEMPORARILY_UNAVAILABLE',
};

/** Any thrown value as MLflow would say it. */
export function asMlflowError(thrown: unknown): MlflowError {
  if (thrown instanceof MlflowError) return thrown;
  const error = asRipenError(thrown);
  const code = (error.kind === 'conflict' || error.kind === 'limit' ? codeOfEnding(error.code) : undefined) ?? codeOfKind[error.kind];
  const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return new MlflowError(code ?? 'INTERNAL_ERROR', message, { cause: error });
}

function codeOfEnding(code: string): MlflowErrorCode | undefined {
  if (code.endsWith('-exists')) return 'RESOURCE_ALREADY_EXISTS';
  // There may be room again: clients try once more.
  return code.endsWith('.disk-full') ? 'TEMPORARILY_UNAVAILABLE' : undefined;
}
