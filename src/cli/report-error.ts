import { styleText } from 'node:util';
import { asRipenError } from '#kernel/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Prints an error as its reader needs it (or as one JSON object) and gives the exit status. */
export function reportError(thrown: unknown, options: { readonly json: boolean }): number {
  const error = asRipenError(thrown);
  if (options.json) {
    process.stderr.write(
      `${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint, details: error.details } })}\n`,
    );
  } else {
    process.stderr.write(`${styleText('red', 'error')} ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`      ${error.hint}\n`);
    process.stderr.write(`      ${styleText('dim', error.code)}\n`);
    if (error.kind === 'internal' && error.cause instanceof Error) process.stderr.write(`${styleText('dim', error.cause.stack ?? '')}\n`);
  }
  return exitCodes[error.kind];
}
