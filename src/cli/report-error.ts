import { styleText } from 'node:util';
import { asRipenError } from '#kernel/errors.ts';
import type { Output } from './context.ts';
import { exitCodes } from './exit-codes.ts';

/** Prints an error as its reader needs it (or as one JSON object) and gives the exit status. */
export function reportError(thrown: unknown, { json, err }: { readonly json: boolean; readonly err: Output }): number {
  const error = asRipenError(thrown);
  if (json) {
    const { code, message, hint, details } = error;
    err.write(`${JSON.stringify({ error: { code, message, hint, details } })}\n`);
    return exitCodes[error.kind];
  }
  err.write(`${styleText('red', 'error')} ${error.message}\n`);
  if (error.hint !== undefined) err.write(`      ${error.hint}\n`);
  err.write(`      ${styleText('dim', error.code)}\n`);
  if (error.kind === 'internal' && error.cause instanceof Error) err.write(`${styleText('dim', error.cause.stack ?? '')}\n`);
  return exitCodes[error.kind];
}
