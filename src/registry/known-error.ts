import { RipenError } from '#kernel/errors.ts';

export function isRipenError(thrown: unknown, code: string): thrown is RipenError {
  return thrown instanceof RipenError && thrown.code === code;
}
