import type { Digest } from './digest.ts';
import { objectErrors } from './errors.ts';
import type { ByteRange } from './model.ts';

/** Checks what can be checked without the size. Throws `kernel.object-range-invalid`. */
export function checkRange(digest: Digest, range: ByteRange): void {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && (end === undefined || end === Infinity || Number.isSafeInteger(end));
  if (!whole || start < 0 || (end !== undefined && end < start)) {
    throw objectErrors['object-range-invalid']({ digest, start, end, size: undefined });
  }
}

/** The range within a blob of `size` bytes; its end is known. Throws `kernel.object-range-invalid`. */
export function clipRange(digest: Digest, range: ByteRange | undefined, size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size };
  checkRange(digest, range);
  if (range.start > size) throw objectErrors['object-range-invalid']({ digest, start: range.start, end: range.end, size });
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}

export function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
