/** NaN and infinities come as words. */
export function numberOf(value: number | string | null | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}
